/** What may follow, as lists of a few tokens with their chances: maps of them would take longer than a small model's pass. */
import type { LikelyToken } from '../../contracts/drafter.ts';
import type { Likely } from '../../contracts/target.ts';

/** Likeliest first; together no more than 1. */
export type Law = readonly LikelyToken[];

/** What followed an ending, averaged over the times that it was seen. */
export interface Seen {
  readonly times: number;
  readonly law: Law;
}

/** Tokens of an ending that are looked at. */
export const LONGEST = 3;
/** Tokens that are kept of a law. */
export const WIDTH = 8;

/** The law among the likely tokens of a row alone. The rest of the vocabulary is left out: what that is worth, calibration tells. */
export function lawOf({ ids, logits, each }: Likely, row: number): Law {
  const first = row * each;
  const law: LikelyToken[] = [];
  let sum = 0;
  for (let i = first; i < first + Math.min(each, WIDTH); i += 1) {
    const chance = Math.exp((logits[i] as number) - (logits[first] as number));
    const token = ids[i] as number;
    const same = law.findIndex((one) => one.token === token); // two names may have one mark
    if (same < 0) law.push({ token, chance });
    else law[same] = { token, chance: chance + (law[same] as LikelyToken).chance };
    sum += chance;
  }
  return weighed(law, 1 / sum);
}

/** A law and the rest of another: `share` is the first one's. */
export function blend(first: Law, second: Law, share: number): Law {
  const both = weighed(first, share) as LikelyToken[];
  for (const { token, chance } of second) {
    const rest = chance * (1 - share);
    const at = both.findIndex((one) => one.token === token);
    if (at < 0) both.push({ token, chance: rest });
    else both[at] = { token, chance: rest + (both[at] as LikelyToken).chance };
  }
  return both.sort((a, b) => b.chance - a.chance);
}

const weighed = (law: Law, factor: number): LikelyToken[] =>
  law.map(({ token, chance }) => ({ token, chance: chance * factor }));

/** How many sightings what shorter endings tell counts for, beside an ending of 1, 2 and 3 tokens. */
const SHORTER = [1, 2, 2];

/**
 * What may follow a text: what each of its endings tells, the longer for more, and the more the oftener it was seen.
 * @param find what is known of the last `length` tokens
 */
export function lawAfter(
  ending: readonly number[],
  find: (ending: readonly number[]) => Seen | undefined,
): Law {
  let law: Law = [];
  for (let length = 1; length <= Math.min(LONGEST, ending.length); length += 1) {
    const seen = find(ending.slice(-length));
    if (seen === undefined) continue;
    law = blend(seen.law, law, seen.times / (seen.times + (SHORTER[length - 1] as number)));
  }
  return law;
}
