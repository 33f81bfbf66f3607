export const SCHEDULES = ['linear', 'cosine', 'constant'] as const;

export interface RateSettings {
  /** Highest learning rate. */
  readonly peak: number;
  readonly schedule: (typeof SCHEDULES)[number];
  /** Steps over which the rate rises. */
  readonly warmup: number;
  /** Added throughout; the rate that a cosine ends at. */
  readonly floor: number;
}

/**
 * Learning rate at a step. `linear` rises and falls to 0 in straight lines (DeepSpeed's WarmupDecayLR), `cosine` falls
 * along half a wave. Both stay at the floor after `steps`.
 *
 * @param step counted from 0, of `steps`
 */
export function rateAt(
  step: number,
  steps: number,
  { peak, schedule, warmup, floor }: RateSettings,
): number {
  const rise = Math.min(1, (step + 1) / Math.max(1, warmup));
  return floor + peak * rise * fall();

  function fall(): number {
    if (schedule === 'constant') return 1;
    if (step >= steps) return 0;
    if (schedule === 'cosine') return (1 + Math.cos((Math.PI * step) / steps)) / 2;
    return step < warmup ? 1 : (steps - step) / Math.max(1, steps - warmup);
  }
}

/** Warm-up of a run without a wish: 0.25 % of the steps, as published (2,000 of 800,000), at least 20. */
export const defaultWarmup = (steps: number): number => Math.max(20, Math.round(0.0025 * steps));
