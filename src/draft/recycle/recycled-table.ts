/**
 * What a target held likely behind endings of its own texts, made once: rows of tokens in order, so that an ending is
 * found without an index, and nothing but the file's own numbers is held.
 */
import type { LikelyToken } from '../../contracts/drafter.ts';
import type { Seen } from './law.ts';

export interface RecycledTable {
  /** Endings that it knows. */
  readonly endings: number;
  /** What is known of an ending as a whole. */
  find(ending: readonly number[]): Seen | undefined;
}

/** The endings of one length. */
export interface Endings {
  readonly length: number;
  /** In ascending order, the oldest token first. */
  readonly tokens: Uint16Array | Uint32Array; // [n, length]
  readonly times: Uint8Array; // [n]
  /** How many tokens of each law are kept. */
  readonly kept: Uint8Array; // [n]
  readonly next: Uint16Array | Uint32Array; // [all kept]
  readonly chances: Uint8Array; // [all kept]
}

/** @param all by length, from 1 on */
export function createRecycledTable(all: readonly Endings[]): RecycledTable {
  const levels = all.map((endings) => ({ endings, starts: startsOf(endings.kept) }));
  return {
    endings: all.reduce((sum, { times }) => sum + times.length, 0),
    find(ending) {
      const level = levels[ending.length - 1];
      if (level === undefined) return undefined;
      const { endings, starts } = level;
      const row = rowOf(endings, ending);
      if (row === undefined) return undefined;
      const law: LikelyToken[] = [];
      for (let at = starts[row] as number; at < (starts[row + 1] as number); at += 1) {
        const [token, chance] = [endings.next[at] as number, endings.chances[at] as number];
        law.push({ token, chance: chanceOf(chance) });
      }
      return { times: endings.times[row] as number, law };
    },
  };
}

/** By code, so that no look takes powers. */
const CHANCES = Float64Array.from({ length: 256 }, (_, code) => 2 ** (-code / 16));

/** A chance in 8 bits: sixteenths of its logarithm, never rounded up. */
export const codeOf = (chance: number): number =>
  Math.min(255, Math.ceil(-16 * Math.log2(chance) - 1e-9));
export const chanceOf = (code: number): number => CHANCES[code] as number;

function startsOf(kept: Uint8Array): Uint32Array {
  const starts = new Uint32Array(kept.length + 1);
  for (const [row, count] of kept.entries()) starts[row + 1] = (starts[row] as number) + count;
  return starts;
}

function rowOf({ tokens, times, length }: Endings, ending: readonly number[]): number | undefined {
  let [low, high] = [0, times.length - 1];
  while (low <= high) {
    const row = (low + high) >>> 1;
    const order = compare(tokens.subarray(row * length, (row + 1) * length), ending);
    if (order === 0) return row;
    if (order < 0) low = row + 1;
    else high = row - 1;
  }
  return undefined;
}

/** The order of two endings of one length, as numbers of many digits. */
export function compare(one: ArrayLike<number>, other: ArrayLike<number>): number {
  for (let i = 0; i < one.length; i += 1) {
    const difference = (one[i] as number) - (other[i] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}
