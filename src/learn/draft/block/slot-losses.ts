import type { Value } from '../../../graph/graph.ts';
import {
  add,
  greater,
  log,
  mul,
  scalar,
  scale,
  sigmoid,
  sub,
} from '../../../graph/operators/elementwise.ts';
import { softmax, sumAll } from '../../../graph/operators/reduce.ts';
import { logSumExp, rowProducts } from '../../losses.ts';

/** What is said of the judged slots. */
export interface SlotGuesses {
  readonly logits: Value; // [w, V'] of the draft
  readonly truth: Value; // [w, V'] of the target
  /** The draft's logit of the token that followed [w, 1]. */
  readonly chosen: Value;
  /** Logit of the draft's confidence [w, 1]. */
  readonly sure: Value;
}

/** How much each loss counts [1]: cross-entropy of tokens, of the target's distribution, total variation, confidence. */
export interface LossShares {
  readonly tokens: Value;
  readonly truth: Value;
  readonly variation: Value;
  readonly confidence: Value;
}

/**
 * The losses of slots, and their gradients at what is said, written down: each of the wide values [w, V'] is made and
 * read as seldom as can be. With p the draft's and q the target's distribution and k = [p > q]:
 * variation Σ|p - q| = 2 Σ k (p - q) has the gradient 2 p (k - Σ k p); cross-entropies with a label and with q have
 * p - 1[label] and p - q. Confidence is to be 1 - ½ variation, which counts as given.
 *
 * @param known [w, 1]: 0 where the token that followed is none that the draft can guess
 * @param share [w, 1]: of each slot in the mean
 */
export function judgeSlots(
  { logits, truth, chosen, sure }: SlotGuesses,
  { known, share, shares }: { known: Value; share: Value; shares: LossShares },
) {
  const [p, q] = [softmax(logits), softmax(truth)];
  const k = greater(p, q);
  const [above, below] = [rowProducts(k, p), rowProducts(k, q)]; // [w, 1]
  const variation = scale(sub(above, below), 2);
  const normaliser = logSumExp(logits, p);
  const ofTokens = mul(sub(normaliser, chosen), known);
  const ofTruth = sub(normaliser, rowProducts(q, logits));
  const accepted = sub(scalar(variation, 1), scale(variation, 0.5));
  const confident = sigmoid(sure);
  // -t log σ(x) - (1 - t) log σ(-x) = log(1 + e^x) - t x
  const softplus = scale(log(sigmoid(scale(sure, -1))), -1);
  const ofConfidence = sub(softplus, mul(accepted, sure));
  const mean = (rows: Value) => sumAll(mul(rows, share));
  const losses = {
    variation: mean(variation),
    token_loss: mean(ofTokens),
    truth_loss: mean(ofTruth),
    confidence_loss: mean(ofConfidence),
  };
  const loss = [
    mul(losses.token_loss, shares.tokens),
    mul(losses.truth_loss, shares.truth),
    mul(losses.variation, shares.variation),
    mul(losses.confidence_loss, shares.confidence),
  ].reduce((sum, part) => add(sum, part));

  const byVariation = mul(share, scale(shares.variation, 2)); // [w, 1]
  const byTruth = mul(share, shares.truth);
  const byTokens = mul(mul(share, known), shares.tokens);
  const even = sub(add(byTokens, byTruth), mul(byVariation, above));
  const slope = sub(mul(p, add(mul(k, byVariation), even)), mul(q, byTruth));
  const slopes = new Map([
    [logits, slope],
    [chosen, scale(byTokens, -1)],
    [sure, mul(mul(sub(confident, accepted), share), shares.confidence)],
  ]);
  return { losses: { loss, ...losses }, slopes };
}
