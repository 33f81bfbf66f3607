import type { LikelyToken, RecycledTokens } from '../contracts/drafter.ts';
import type { Likely } from '../contracts/target.ts';
import { keysOf } from './suffix-index.ts';

/** Some forty megabytes at most. */
const MOST = 65_536;
/** What is kept of what was seen before: the same token alone stands in many places, a pair in few. */
const KEPT = { single: 0.8, pair: 0.3 };
/** What is left of a chance where only the last one or two tokens are the same, and what one weighs beside two. */
const TRUST = { single: 0.4, pair: 0.6, beside: 0.2 };

/** What followed, likeliest first. Lists of eight: maps of them would take longer than a small model's pass. */
type Followers = readonly LikelyToken[];

/**
 * Token Recycling (arXiv 2408.08696): every pass tells the target's likeliest tokens anyway, so no draft is trained or
 * called, and each text may make the next one quicker. Here by the last two tokens and by the last one, averaged over the
 * times that they were seen.
 *
 * @param most endings that are kept, the latest
 */
export function createRecycledTokens(most = MOST): RecycledTokens {
  const seen = new Map<number, Followers>(); // what was learnt last stands last
  const keep = (key: number, news: Followers, each: number, share: number) => {
    const before = seen.get(key);
    seen.delete(key);
    seen.set(key, before === undefined ? news : likeliest(blend(before, news, share), each));
    if (seen.size > most) seen.delete(seen.keys().next().value as number);
  };
  return {
    learn(left, token, likely, row) {
      const news = lawOf(likely, row);
      const [single, pair] = keysOf(token, left);
      keep(single, news, likely.each, KEPT.single);
      keep(pair, news, likely.each, KEPT.pair);
    },
    after(left, token) {
      const [single, pair] = keysOf(token, left).map((key) => seen.get(key));
      if (single === undefined) return [];
      if (pair === undefined) return weighed(single, TRUST.single);
      return summed(
        weighed(pair, TRUST.pair * (1 - TRUST.beside)),
        weighed(single, TRUST.single * TRUST.beside),
      );
    },
    forget: () => seen.clear(),
  };
}

/** The law among the likely tokens alone. The rest of the vocabulary is left out: what that is worth, calibration tells. */
function lawOf({ ids, logits, each }: Likely, row: number): Followers {
  const first = row * each;
  const law: LikelyToken[] = [];
  let sum = 0;
  for (let i = first; i < first + each; i += 1) {
    const chance = Math.exp((logits[i] as number) - (logits[first] as number));
    law.push({ token: ids[i] as number, chance });
    sum += chance;
  }
  return weighed(law, 1 / sum);
}

const weighed = (law: Followers, factor: number): Followers =>
  law.map(({ token, chance }) => ({ token, chance: chance * factor }));

/** Of each token what both say of it together. */
function summed(first: Followers, second: Followers): Followers {
  const both = [...first];
  for (const one of second) {
    const at = first.findIndex(({ token }) => token === one.token);
    if (at < 0) both.push(one);
    else both[at] = { ...one, chance: one.chance + (both[at] as LikelyToken).chance };
  }
  return both;
}

/** Of each token `kept` times what was said before, and the rest of what is said now. */
const blend = (before: Followers, now: Followers, kept: number): Followers =>
  summed(weighed(before, kept), weighed(now, 1 - kept));

const likeliest = (law: Followers, most: number): Followers =>
  [...law].sort((a, b) => b.chance - a.chance).slice(0, most);
