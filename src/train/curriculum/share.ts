/** How the share of multimodal dialogues goes over a run. */
export const CURRICULA = ['two-stage', 'mixed', 'text', 'visual'] as const;
export type Curriculum = (typeof CURRICULA)[number];

export interface CurriculumSettings {
  readonly kind: Curriculum;
  /** Stretches of equal length that the run is cut into; the share changes from one to the next. Published: 40. */
  readonly epochs: number;
  /** Of `two-stage`: the part of the epochs that is text only. Published: 0.5. */
  readonly textPart: number;
  /** Of `mixed`: the constant share. */
  readonly mixedShare: number;
}

/**
 * Share of multimodal dialogues at a step. `two-stage` is the paper's (section 3.3; Lyn-Lucy/MSD, `update_ratio`): 0
 * while text only, then growing by equal steps, and 1 in the last epoch.
 *
 * @param step counted from 0, of `steps`
 */
export function multimodalShare(
  step: number,
  steps: number,
  { kind, epochs, textPart, mixedShare }: CurriculumSettings,
): number {
  if (kind === 'text') return 0;
  if (kind === 'visual') return 1;
  if (kind === 'mixed') return mixedShare;
  const epoch = Math.min(epochs, Math.floor((step * epochs) / steps) + 1);
  const textEpochs = Math.floor(epochs * textPart);
  if (epoch === epochs) return 1;
  return epoch <= textEpochs ? 0 : (epoch - textEpochs) / (epochs - textEpochs);
}
