import { NoTokenError } from '../contracts/errors.ts';
import type { Sampling } from '../contracts/generate.ts';
import { type GrammarState, isAllowed } from '../contracts/grammar.ts';
import type { Forward, Want } from '../contracts/target.ts';
import { type IdLogprobs, logprobsAt } from './logprobs.ts';
import { mostLikely, probabilities } from './probabilities.ts';
import { uniform } from './uniform.ts';

/** How the target's own token is read from a pass, and what the pass must give for it. */
export interface Picker {
  readonly want: Want;
  /**
   * @param head which of the pass's wanted rows
   * @param position of the picked token in its sequence: one more than its row's
   * @param path the tokens that lead to the row beyond what was written; a law that depends on the text reads them
   */
  readonly pick: (
    forward: Forward,
    head: number,
    position: number,
    path: readonly number[],
  ) => number;
  /** Of a token picked at a wanted row; null where nobody asks for them. */
  readonly logprobs: ((forward: Forward, head: number, id: number) => IdLogprobs) | null;
}

/**
 * Greedy needs only the best token of each row; sampling and logprobs need its logits.
 * @param top how many of the likeliest are told beside each token; null tells no logprobs
 */
export function createPicker(sampling: Sampling, top: number | null = null): Picker {
  const logprobs = top === null ? null : logprobsAt(top);
  if (sampling.temperature === 0) {
    const want = top === null ? 'best' : 'logits';
    return { want, pick: ({ best }, head) => best[head] as number, logprobs };
  }
  return {
    want: 'logits',
    logprobs,
    pick: ({ logits }, head, position) => {
      if (logits === undefined) throw new TypeError('Sampling needs a pass that gives logits.');
      const { data, width } = logits;
      return pickToken(data.subarray(head * width, (head + 1) * width), sampling, position);
    },
  };
}

/**
 * The same where the text is to keep a grammar: the token is drawn from the law over those that may follow at its place,
 * which is masked first and then tempered and filtered. That is the law of a text written token by token under the
 * grammar, not the target's law over all texts of the grammar.
 * @param stateAt the state behind what was written and a path
 */
export function grammarPicker(
  sampling: Sampling,
  top: number | null,
  stateAt: (path: readonly number[]) => GrammarState,
): Picker {
  const free = createPicker(sampling, top);
  return {
    want: 'logits',
    logprobs: free.logprobs,
    pick(forward, head, position, path) {
      const state = stateAt(path);
      const best = forward.best[head] as number;
      if (state.ended || (sampling.temperature === 0 && state.after(best) !== null)) {
        return free.pick(forward, head, position, path);
      }
      const { logits } = forward;
      if (logits === undefined) throw new TypeError('A grammar needs a pass that gives logits.');
      const { data, width } = logits;
      const own = data.subarray(head * width, (head + 1) * width);
      return pickToken(maskedLogits(own, state.allowed()), sampling, position);
    },
  };
}

/** 32 tokens that are all allowed. */
const ALL = 0xffff_ffff;

/**
 * Logits of the allowed tokens; -Infinity for others.
 * @throws NoTokenError if there is none
 */
function maskedLogits(logits: Float32Array, mask: Uint32Array): Float32Array {
  if (mask.every((bits) => bits === 0)) throw new NoTokenError();
  const masked = logits.slice();
  for (let word = 0; 32 * word < masked.length; word += 1) {
    if (mask[word] === ALL) continue; // in words of a string nearly all are
    for (let id = 32 * word; id < 32 * word + 32; id += 1) {
      if (!isAllowed(mask, id)) masked[id] = -Infinity; // beyond the end it sets nothing
    }
  }
  return masked;
}

/**
 * The token at a position: the most likely one at temperature 0, else the inverse CDF, in id order, of the law at
 * u(seed, position).
 *
 * @param logits of one node [V]
 * @throws NonFiniteFeatureError if a logit is NaN or +Infinity
 */
export function pickToken(logits: Float32Array, sampling: Sampling, position: number): number {
  if (sampling.temperature === 0) return mostLikely(logits);
  const law = probabilities(logits, sampling);
  const u = uniform(sampling.seed, position);
  let mass = 0;
  let last = 0;
  for (let id = 0; id < law.length; id += 1) {
    if (law[id] === 0) continue;
    mass += law[id] as number;
    last = id;
    if (u < mass) return id;
  }
  return last; // the masses may sum to a hair below 1
}
