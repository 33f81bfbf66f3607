/** Five numbers that show a sample: its ends, quartiles and median. */
export interface Spread {
  readonly min: number;
  readonly q1: number;
  readonly median: number;
  readonly q3: number;
  readonly max: number;
}

/** Null for an empty sample. */
export function spread(sample: readonly number[]): Spread | null {
  if (sample.length === 0) return null;
  const sorted = sample.toSorted((a, b) => a - b);
  const at = (share: number) => quantileOfSorted(sorted, share);
  return { min: at(0), q1: at(0.25), median: at(0.5), q3: at(0.75), max: at(1) };
}

/**
 * The value that `share` of the sample lies below, linear between neighbours (type 7 of Hyndman and Fan, 1996, as
 * NumPy and R do by default); NaN for an empty sample.
 */
export function quantile(sample: readonly number[], share: number): number {
  return quantileOfSorted(
    sample.toSorted((a, b) => a - b),
    share,
  );
}

export function median(sample: readonly number[]): number {
  return quantile(sample, 0.5);
}

function quantileOfSorted(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const low = sorted[Math.floor(place)] ?? Number.NaN;
  const high = sorted[Math.ceil(place)] ?? Number.NaN;
  return low === high ? low : low + (high - low) * (place - Math.floor(place));
}
