import { LONGEST, lawAfter, WIDTH } from '../../draft/recycle/law.ts';
import { codeOf, compare, type Endings } from '../../draft/recycle/recycled-table.ts';
import type { CountedEnding } from './count-endings.ts';

/** No tree has nodes that are less likely than this. */
const UNLIKELY = 0.01;
/** What a token is worth that shorter endings don't tell. */
const UNTOLD = 0.001;

/**
 * The endings that tell most for their bytes, as a table holds them: what an ending adds to what shorter ones tell
 * (relative entropy, after Stolcke's pruning), for each time that it was seen.
 */
export function pruneEndings(
  counted: ReadonlyMap<string, CountedEnding>,
  vocabSize: number,
  mostBytes: number,
): Endings[] {
  const idBytes = vocabSize > 2 ** 16 ? 4 : 2;
  const told = [...counted.values()].flatMap((one) => {
    const law = one.law.filter(({ chance }) => chance >= UNLIKELY).slice(0, WIDTH);
    const bytes = idBytes * one.ending.length + 2 + (idBytes + 1) * law.length;
    return law.length === 0 ? [] : [{ ...one, law, bytes }];
  });
  const byWorth = told
    .map((one) => ({ ...one, worth: gain(one, counted) / one.bytes }))
    .sort((a, b) => b.worth - a.worth || compare(a.ending, b.ending));
  const kept: CountedEnding[] = [];
  let bytes = 0;
  for (const one of byWorth) {
    if (bytes + one.bytes > mostBytes) continue;
    bytes += one.bytes;
    kept.push(one);
  }
  return Array.from({ length: LONGEST }, (_, i) => packed(kept, i + 1, idBytes));
}

function gain(one: CountedEnding, counted: ReadonlyMap<string, CountedEnding>): number {
  const find = (ending: readonly number[]) => counted.get(ending.join());
  const shorter = lawAfter(one.ending.slice(1), find);
  const whole = lawAfter(one.ending, find);
  const chanceIn = (law: typeof whole, token: number) =>
    Math.max(UNTOLD, law.find((other) => other.token === token)?.chance ?? 0);
  const bits = one.law.map(
    ({ token, chance }) => chance * Math.log(chanceIn(whole, token) / chanceIn(shorter, token)),
  );
  return one.times * bits.reduce((sum, bit) => sum + bit, 0);
}

function packed(kept: readonly CountedEnding[], length: number, idBytes: number): Endings {
  const own = kept
    .filter(({ ending }) => ending.length === length)
    .sort((a, b) => compare(a.ending, b.ending));
  const ids = (all: readonly number[]) =>
    idBytes === 2 ? Uint16Array.from(all) : Uint32Array.from(all);
  const followers = own.flatMap(({ law }) => law);
  return {
    length,
    tokens: ids(own.flatMap(({ ending }) => ending)),
    times: Uint8Array.from(own, ({ times }) => Math.min(255, times)),
    kept: Uint8Array.from(own, ({ law }) => law.length),
    next: ids(followers.map(({ token }) => token)),
    chances: Uint8Array.from(followers, ({ chance }) => codeOf(chance)),
  };
}
