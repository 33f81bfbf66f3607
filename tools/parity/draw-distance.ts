import type { Sampling } from '../../src/contracts/generate.ts';
import { probabilities } from '../../src/decode/probabilities.ts';
import { boundaryDistance, pickToken } from '../../src/decode/sample.ts';

/** Changes of logits to try: from their last bit on to what counts as a difference. */
const CHANGES = [1e-6, 1e-5, 1e-4];

/**
 * How far a draw is from giving `id` instead: from the nearest boundary between tokens, or, in logits, from a law whose
 * cut (top-k, top-p, min-p) falls beside another token, which moves all boundaries.
 */
export function drawDistance(
  logits: Float32Array,
  sampling: Sampling,
  position: number,
  id: number,
): number {
  const law = probabilities(logits, sampling);
  const lowestKept = Math.min(...logits.filter((_, token) => law[token] !== 0));
  const highestCut = Math.max(...logits.filter((_, token) => law[token] === 0));
  const moved = (highest: number, by: number) =>
    logits.map((logit) => (logit <= highest ? logit + by : logit));
  const boundary = boundaryDistance(logits, sampling, position);
  for (const change of CHANGES.filter((one) => one < boundary)) {
    const [wider, narrower] = [moved(highestCut, change), moved(lowestKept, -change)];
    if (pickToken(wider, sampling, position) === id) return change;
    if (pickToken(narrower, sampling, position) === id) return change;
  }
  return boundary;
}
