import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { median, quantile, spread } from './spread.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);
const samples = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 });

describe('quantile', () => {
  it('is linear between neighbours, as NumPy computes it', () => {
    expect(quantile([4, 1, 3, 2], 0.25)).toBe(1.75);
    expect(quantile([4, 1, 3, 2], 0.9)).toBeCloseTo(3.7, 12);
  });

  it('has half of the sample on either side of the median', () => {
    fc.assert(
      fc.property(samples, (sample) => {
        const middle = median(sample);
        const below = sample.filter((value) => value < middle).length;
        const above = sample.filter((value) => value > middle).length;
        expect(Math.max(below, above)).toBeLessThanOrEqual(sample.length / 2);
      }),
      { numRuns },
    );
  });

  it('rises with the share', () => {
    const shares = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(samples, shares, shares, (sample, a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        expect(quantile(sample, low)).toBeLessThanOrEqual(quantile(sample, high) + 1e-9);
      }),
      { numRuns },
    );
  });

  it('is NaN where there is no sample', () => expect(quantile([], 0.5)).toBeNaN());
});

describe('spread', () => {
  it('does not depend on the order, nor change the sample', () => {
    const sample = [3, 1, 2];
    expect(spread(sample)).toEqual({ min: 1, q1: 1.5, median: 2, q3: 2.5, max: 3 });
    expect(sample, 'the sample itself').toEqual([3, 1, 2]);
  });

  it('is null where there is no sample', () => expect(spread([])).toBeNull());
});
