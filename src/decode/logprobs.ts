import type { Forward } from '../contracts/target.ts';
import { expOfMinus } from './exp-of-minus.ts';
import { largest } from './largest.ts';
import { mostLikely } from './probabilities.ts';

export interface IdLogprob {
  readonly id: number;
  /** Natural logarithm of the target's probability. */
  readonly logprob: number;
}

/** Of a token, and of those that were likeliest in its place. */
export interface IdLogprobs extends IdLogprob {
  /** The likeliest first, the lower id on a tie; the token itself may be among them. */
  readonly top: readonly IdLogprob[];
}

/**
 * Logarithms of the target's own law, before temperature and filters: logit − ln Σ exp(logits), summed in float64 in id
 * order. They depend on the row of logits alone.
 *
 * @param logits of one node [V]
 * @param count how many of the likeliest
 * @throws NonFiniteFeatureError if a logit is NaN or +Infinity
 */
export function logprobsOf(logits: Float32Array, id: number, count: number): IdLogprobs {
  const highest = logits[mostLikely(logits)] as number;
  let sum = 0;
  for (const logit of logits) sum += expOfMinus(highest - logit);
  const norm = Math.log(sum);
  const of = (one: number): IdLogprob => ({
    id: one,
    logprob: (logits[one] as number) - highest - norm,
  });
  return { ...of(id), top: largest(logits, count).map(of) };
}

/** How a pass tells the logarithms of what was picked at one of its wanted rows. */
export const logprobsAt =
  (count: number) =>
  ({ logits }: Forward, head: number, id: number): IdLogprobs => {
    if (logits === undefined) throw new TypeError('Logprobs need a pass that gives logits.');
    const { data, width } = logits;
    return logprobsOf(data.subarray(head * width, (head + 1) * width), id, count);
  };
