import type { CodeRange } from './code-ranges.ts';

/** Last code points of one, two, three and four bytes, with those that no text has in between. */
const LENGTHS: readonly CodeRange[] = [
  [0, 0x7f],
  [0x80, 0x7ff],
  [0x800, 0xd7ff],
  [0xe000, 0xffff],
  [0x10000, 0x10ffff],
];

/**
 * The bytes of a range of characters: each entry is a byte range for every place, and their union is the range. A range is cut
 * until all bytes behind the first one that differs run over all that may follow.
 */
export function utf8Ranges([first, last]: CodeRange): CodeRange[][] {
  if (last < 0x80) return [[[first, last]]];
  return LENGTHS.flatMap(([from, to]) => {
    const [low, high] = [Math.max(first, from), Math.min(last, to)];
    return low > high ? [] : split(low, high);
  });
}

function split(low: number, high: number): CodeRange[][] {
  for (const bits of [6, 12, 18]) {
    const block = 2 ** bits;
    if (high < 0x80 || Math.floor(low / block) === Math.floor(high / block)) continue;
    // Beyond its last `bits` bits the range differs: only whole blocks may go together.
    if (low % block !== 0) {
      const end = low - (low % block) + block - 1;
      return [...split(low, end), ...split(end + 1, high)];
    }
    if (high % block !== block - 1) {
      const start = high - (high % block);
      return [...split(low, start - 1), ...split(start, high)];
    }
  }
  const [from, to] = [utf8(low), utf8(high)];
  return [from.map((byte, at) => [byte, to[at] as number] as const)];
}

const utf8 = (code: number): number[] => [...new TextEncoder().encode(String.fromCodePoint(code))];
