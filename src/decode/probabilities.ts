import { NonFiniteFeatureError } from '../contracts/errors.ts';
import type { Sampling } from '../contracts/generate.ts';
import { expOfMinus } from './exp-of-minus.ts';
import { kthLargest } from './kth-largest.ts';

/**
 * The law that a token is drawn from: temperature, then top-k, top-p and min-p, each as Hugging Face's logits warpers
 * define it, in float64. Temperature 0 puts all mass on the most likely token, the lowest id on a tie.
 *
 * @param logits of one node [V]
 * @returns probabilities [V]; removed tokens have 0
 * @throws NonFiniteFeatureError if a logit is NaN or +Infinity
 */
export function probabilities(
  logits: Float32Array,
  { temperature, topK, topP, minP }: Omit<Sampling, 'seed'>,
): Float64Array {
  const top = mostLikely(logits);
  const law = new Float64Array(logits.length);
  if (temperature === 0) {
    law[top] = 1;
    return law;
  }
  const floor = topK > 0 && topK < logits.length ? kthLargest(logits, topK) : -Infinity;
  const highest = logits[top] as number;
  for (let id = 0; id < law.length; id += 1) {
    const logit = logits[id] as number;
    if (logit >= floor) law[id] = expOfMinus((highest - logit) / temperature);
  }
  normalise(law);
  if (topP === 1 && minP === 0) return law;
  if (topP < 1) keepNucleus(law, topP);
  if (minP > 0) keepNear(law, minP * (law[top] as number));
  normalise(law);
  return law;
}

/** Index of the largest logit, the first on a tie. */
export function mostLikely(logits: Float32Array): number {
  let top = 0;
  let highest = -Infinity;
  for (let id = 0; id < logits.length; id += 1) {
    const logit = logits[id] as number;
    if (!(logit < Infinity)) {
      throw new NonFiniteFeatureError(
        `The target's logit of token ${id} is ${logit}; check the target checkpoint or load it in another precision.`,
      );
    }
    if (logit > highest) [top, highest] = [id, logit];
  }
  return top;
}

/**
 * Removes the least likely tokens whose masses sum to at most 1 - topP; the most likely one stays. A token below
 * (1 - topP) / V is removed in any case, so only the few above it are sorted.
 */
function keepNucleus(law: Float64Array, topP: number): void {
  const surely = (1 - topP) / law.length;
  const others: number[] = [];
  let removed = 0;
  for (let id = 0; id < law.length; id += 1) {
    const mass = law[id] as number;
    if (mass >= surely) {
      others.push(id);
    } else {
      removed += mass;
      law[id] = 0;
    }
  }
  others.sort((a, b) => (law[a] as number) - (law[b] as number));
  others.pop();
  for (const id of others) {
    removed += law[id] as number;
    if (removed > 1 - topP) break;
    law[id] = 0;
  }
}

function keepNear(law: Float64Array, least: number): void {
  for (let id = 0; id < law.length; id += 1) {
    if ((law[id] as number) < least) law[id] = 0;
  }
}

function normalise(law: Float64Array): void {
  let sum = 0;
  for (let id = 0; id < law.length; id += 1) sum += law[id] as number;
  for (let id = 0; id < law.length; id += 1) law[id] = (law[id] as number) / sum;
}
