import type { Fusion } from '../../draft/msd-graph.ts';
import type { Curriculum } from '../curriculum/share.ts';
import type { DraftTraining } from '../draft/draft-config.ts';

/** A way to train a draft, that is compared with others. */
export interface Arm {
  /** In file names and tables. */
  readonly name: string;
  /** Default: MSD's own. */
  readonly method?: DraftTraining['draft']['method'];
  readonly fusion: Fusion;
  readonly curriculum: Curriculum;
}

/** The two ideas of the paper, each with and without the other. */
export const FACTORIAL = {
  both: { name: 'decoupled two-stage', fusion: 'decoupled', curriculum: 'two-stage' },
  decoupling: { name: 'decoupled mixed', fusion: 'decoupled', curriculum: 'mixed' },
  stages: { name: 'fused two-stage', fusion: 'fused', curriculum: 'two-stage' },
  neither: { name: 'fused mixed', fusion: 'fused', curriculum: 'mixed' },
} as const satisfies Record<string, Arm>;

export const ARMS: readonly Arm[] = [
  ...Object.values(FACTORIAL),
  { name: 'text only', fusion: 'decoupled', curriculum: 'text' },
  { name: 'pictures only', fusion: 'decoupled', curriculum: 'visual' },
  { name: 'block decoupled', method: 'block', fusion: 'decoupled', curriculum: 'two-stage' },
  { name: 'block fused', method: 'block', fusion: 'fused', curriculum: 'two-stage' },
];
