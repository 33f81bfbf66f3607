import { quantile } from './spread.ts';

/** Bounds that hold the true value in 95 of 100 repetitions. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 1000;

/**
 * The 95 % percentile bootstrap interval of a statistic over grouped samples (Efron, 1979). Pairs of one prompt resemble
 * each other, so it draws prompts first, then pairs within each (Davison and Hinkley, 1997, section 3.8).
 *
 * @param groups samples by prompt; empty groups are left out
 * @param random uniform in [0, 1)
 */
export function bootstrap<T>(
  groups: readonly (readonly T[])[],
  statistic: (samples: readonly T[]) => number,
  random: () => number,
): Interval | null {
  const filled = groups.filter(({ length }) => length > 0);
  if (filled.length === 0) return null;
  const values = Array.from({ length: RESAMPLES }, () =>
    statistic(redraw(filled, random).flatMap((group) => redraw(group, random))),
  );
  return { low: quantile(values, 0.025), high: quantile(values, 0.975) };
}

/** As many elements as there are, each drawn from all of them. */
function redraw<T>(elements: readonly T[], random: () => number): T[] {
  return elements.map(() => elements[Math.floor(random() * elements.length)] as T);
}
