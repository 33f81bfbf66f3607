/** A mean that forgets: each observation lowers the weight of those before it. A value, never changed in place. */
export interface DecayedMean {
  readonly sum: number;
  readonly weight: number;
}

export const UNSEEN: DecayedMean = { sum: 0, weight: 0 };

/** @param decay what is left of the older weight, 0 to 1: about 1 / (1 - decay) observations are remembered */
export function observeMean(
  mean: DecayedMean,
  value: number,
  decay: number,
  weight = 1,
): DecayedMean {
  return { sum: mean.sum * decay + value * weight, weight: mean.weight * decay + weight };
}

/** The mean, with a prior that counts as `priorWeight` observations. */
export function meanWithPrior(
  { sum, weight }: DecayedMean,
  prior: number,
  priorWeight: number,
): number {
  return (sum + prior * priorWeight) / (weight + priorWeight);
}
