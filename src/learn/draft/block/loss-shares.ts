import { type Feeds, floatTensor } from '../../../contracts/session.ts';

export interface BlockObjective {
  /** Cross-entropy of the tokens that followed. */
  readonly crossEntropy: number;
  /** Total variation Σ|draft - target|. */
  readonly totalVariation: number;
  /** Of confidence, which is to be the acceptance. */
  readonly confidence: number;
  /**
   * Share of the run in which cross-entropy against the target's distribution passes over into total variation, which
   * begins slowly on a large vocabulary; 0: none.
   */
  readonly warmShare: number;
}

/** How much each loss counts, as `buildBlockLoss` is fed it, when a part of the run from 0 to 1 is done. */
export function lossShares(
  { crossEntropy, totalVariation, confidence, warmShare }: BlockObjective,
  done: number,
): Feeds {
  const cold = done >= warmShare ? 0 : 1 - done / warmShare;
  const number = (share: number) => floatTensor(Float32Array.of(share), [1]);
  return {
    of_tokens: number(crossEntropy),
    of_truth: number(totalVariation * cold),
    of_variation: number(totalVariation * (1 - cold)),
    of_confidence: number(confidence),
  };
}
