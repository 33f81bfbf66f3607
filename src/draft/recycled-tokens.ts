import type { LikelyToken, RecycledTokens } from '../contracts/drafter.ts';
import type { Likely } from '../contracts/target.ts';

/** Some twenty megabytes at most. */
const MOST = 65_536;
/** What is kept of what was seen before: the same token alone stands in many places, a pair in few. */
const KEPT = { single: 0.8, pair: 0.3 };
/** What is left of a chance where only the last one or two tokens are the same, and what one weighs beside two. */
const TRUST = { single: 0.4, pair: 0.6, beside: 0.2 };
/** More tokens than any vocabulary has. */
const PAIR = 2 ** 26;

/** What followed, likeliest first. */
type Followers = ReadonlyMap<number, number>;

/**
 * Token Recycling (arXiv 2408.08696): every pass tells the target's likeliest tokens anyway, so no draft is trained or
 * called, and each text makes the next one quicker. Here by the last two tokens and by the last one, averaged over the
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
      keep(singleKey(token), news, likely.each, KEPT.single);
      keep(pairKey(left, token), news, likely.each, KEPT.pair);
    },
    after(left, token) {
      const single = seen.get(singleKey(token));
      const pair = seen.get(pairKey(left, token));
      if (single === undefined) return [];
      const alone = scaled(single, TRUST.single);
      const all = pair ? blend(scaled(pair, TRUST.pair), alone, 1 - TRUST.beside) : alone;
      return Array.from(all, ([token, chance]): LikelyToken => ({ token, chance }));
    },
    forget: () => seen.clear(),
  };
}

const singleKey = (token: number): number => -1 - token;
const pairKey = (left: number, token: number): number => left * PAIR + token;

/** The law among the likely tokens alone. The rest of the vocabulary is left out: what that is worth, calibration tells. */
function lawOf({ ids, logits, each }: Likely, row: number): Followers {
  const first = row * each;
  const law = new Map<number, number>();
  let sum = 0;
  for (let i = first; i < first + each; i += 1) {
    const weight = Math.exp((logits[i] as number) - (logits[first] as number));
    law.set(ids[i] as number, weight);
    sum += weight;
  }
  return scaled(law, 1 / sum);
}

const scaled = (law: Followers, factor: number): Followers =>
  new Map(Array.from(law, ([token, share]) => [token, share * factor]));

/** Of each token `kept` times what the first says, and the rest of what the second says. */
function blend(first: Followers, second: Followers, kept: number): Followers {
  const both = new Map(scaled(first, kept));
  for (const [token, share] of second) both.set(token, (both.get(token) ?? 0) + (1 - kept) * share);
  return both;
}

const likeliest = (law: Followers, most: number): Followers =>
  new Map([...law].sort((a, b) => b[1] - a[1]).slice(0, most));
