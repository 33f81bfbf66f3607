import { describe, expect, it } from 'vitest';
import { chiSquareP } from './testing/chi-square.ts';
import { uniform } from './uniform.ts';

const CELLS = 256;
const DRAWS = 100_000;

/** χ² of draws in 256 equal cells. */
function evenness(cell: (draw: number) => number): number {
  const counts = new Array<number>(CELLS).fill(0);
  for (let draw = 0; draw < DRAWS; draw += 1) counts[cell(draw)] = (counts[cell(draw)] ?? 0) + 1;
  return chiSquareP(counts, new Array<number>(CELLS).fill(1 / CELLS));
}

const cellOf = (u: number) => Math.floor(u * CELLS);
const pairOf = (u: number, v: number) => Math.floor(u * 16) * 16 + Math.floor(v * 16);

describe('uniform', () => {
  it('is a function of seed and position in [0, 1)', () => {
    for (const seed of [0, 1, -1, Number.MAX_SAFE_INTEGER]) {
      const u = uniform(seed, 12);
      expect(u).toBe(uniform(seed, 12));
      expect(u).toBeGreaterThanOrEqual(0);
      expect(u).toBeLessThan(1);
    }
  });

  it('gives the published SplitMix64 sequence of the mixed seed', () => {
    // Seed 0 is mixed to SplitMix64's first output of state 0, 0xe220a8397b1dcdaf; the sequence from that state follows.
    const mask = (1n << 64n) - 1n;
    let state = 0xe220a8397b1dcdafn;
    for (let position = 0; position < 4; position += 1) {
      state = (state + 0x9e3779b97f4a7c15n) & mask;
      let z = state;
      z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & mask;
      z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & mask;
      expect(uniform(0, position)).toBe(Number((z ^ (z >> 31n)) >> 11n) / 2 ** 53);
    }
  });

  it.each([
    ['over positions', (i: number) => cellOf(uniform(7, i))],
    ['over seeds', (i: number) => cellOf(uniform(i, 7))],
    [
      'over pairs of neighbouring positions',
      (i: number) => pairOf(uniform(7, i), uniform(7, i + 1)),
    ],
    ['over pairs of neighbouring seeds', (i: number) => pairOf(uniform(i, 7), uniform(i + 1, 7))],
    [
      'over pairs where seed and position change places',
      (i: number) => pairOf(uniform(i, 7), uniform(7, i)),
    ],
    ['in the bits below the cells', (i: number) => cellOf((uniform(7, i) * 2 ** 20) % 1)],
  ])('is even %s', (_, cell) => {
    expect(evenness(cell)).toBeGreaterThan(1e-3);
  });
});
