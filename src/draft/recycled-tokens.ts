import type { RecycledTokens } from '../contracts/drafter.ts';

/** Some twenty megabytes at most. */
const MOST = 65_536;
/** What is left of a chance where only the last one or two tokens are the same. */
const TRUST = { single: 0.4, pair: 0.6 };
/** More tokens than any vocabulary has. */
const PAIR = 2 ** 26;

/**
 * Token Recycling (arXiv 2408.08696): every pass tells the target's likeliest tokens anyway, so no draft is trained or
 * called, and each text makes the next one quicker.
 *
 * @param most endings that are kept, the latest
 */
export function createRecycledTokens(most = MOST): RecycledTokens {
  // What was learnt last stands last.
  const seen = new Map<number, { readonly ids: Int32Array; readonly chances: Float32Array }>();
  const keyOf = (left: number, token: number) => left * PAIR + token;
  return {
    learn(left, token, { ids, logits, each }, row) {
      const here = [row * each, (row + 1) * each] as const;
      const candidates = {
        ids: ids.slice(...here),
        chances: shares(logits.subarray(...here)),
      };
      for (const key of [-1 - token, keyOf(left, token)]) {
        seen.delete(key);
        seen.set(key, candidates);
      }
      while (seen.size > most) seen.delete(seen.keys().next().value as number);
    },
    after(left, token) {
      const both = seen.get(keyOf(left, token));
      const found = both ?? seen.get(-1 - token);
      if (found === undefined) return [];
      const trust = both === undefined ? TRUST.single : TRUST.pair;
      return Array.from(found.ids, (id, i) => ({
        token: id,
        chance: trust * (found.chances[i] as number),
      }));
    },
    forget: () => seen.clear(),
  };
}

/** The law among these tokens alone. The rest of the vocabulary is left out: what that is worth, calibration tells. */
function shares(logits: Float32Array): Float32Array {
  const [largest = 0] = logits;
  const weights = logits.map((logit) => Math.exp(logit - largest));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}
