import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shuffled } from './shuffle.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);

describe('a shuffled order', () => {
  it('holds every number once and is the same each time', () => {
    fc.assert(
      fc.property(fc.nat({ max: 200 }), fc.integer(), (n, seed) => {
        const order = shuffled(n, seed);
        expect(Array.from(order).sort((a, b) => a - b)).toEqual(
          Array.from({ length: n }, (_, i) => i),
        );
        expect(shuffled(n, seed)).toEqual(order);
      }),
      { numRuns },
    );
  });

  it('differs between seeds', () => {
    expect(shuffled(50, 1)).not.toEqual(shuffled(50, 2));
  });

  it('brings every number to every place equally often', () => {
    const n = 5;
    const rounds = 20_000;
    const counts = new Float64Array(n * n);
    for (let seed = 0; seed < rounds; seed++) {
      shuffled(n, seed).forEach((value, place) => {
        counts[place * n + value] = (counts[place * n + value] as number) + 1;
      });
    }
    // Chi-squared of 25 cells with 16 degrees of freedom: above 39 in one of a thousand fair shuffles.
    const expected = rounds / n;
    const chiSquared = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect(chiSquared).toBeLessThan(39);
  });
});
