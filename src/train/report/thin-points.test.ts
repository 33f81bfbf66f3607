import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mean, smoothPoints, thinPoints } from './thin-points.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);

function points(values: readonly number[]) {
  return values.map((y, n) => ({ x: n + 1, y }));
}

function ys(of: readonly { readonly y: number }[]): number[] {
  return of.map(({ y }) => y);
}

describe('thinPoints', () => {
  it('leaves up to a thousand points as they are', () => {
    const few = points([3, 1, 2]);
    expect(thinPoints(few)).toEqual(few);
  });

  it('keeps the mean of 100,000 points in a thousand', () => {
    const values = Array.from({ length: 100_000 }, (_, n) => Math.sin(n) + n / 1000);
    const thin = thinPoints(points(values));
    expect(thin).toHaveLength(1000);
    expect(mean(ys(thin))).toBeCloseTo(mean(values), 9);
  });

  it('ends at the last step, however many are left over', () => {
    const counts = fc.integer({ min: 1, max: 5000 });
    fc.assert(
      fc.property(counts, (count) => {
        const thin = thinPoints(points(Array.from({ length: count }, () => 2)));
        expect(thin.length).toBeLessThanOrEqual(1000);
        expect(thin.at(-1)).toEqual({ x: count, y: 2 });
      }),
      { numRuns },
    );
  });

  it('leaves values that are no number out of the means', () => {
    const values = Array.from({ length: 2000 }, (_, n) => (n % 2 === 0 ? 5 : Number.NaN));
    expect(new Set(ys(thinPoints(points(values))))).toEqual(new Set([5]));
  });

  it('has no point for a window without a number', () => {
    expect(thinPoints(points([1, Number.NaN, 3]))).toEqual([
      { x: 1, y: 1 },
      { x: 3, y: 3 },
    ]);
  });
});

describe('smoothPoints', () => {
  it('is the mean of the neighbours on either side, fewer at the ends', () => {
    expect(ys(smoothPoints(points([0, 3, 6, 9, 0]), 1))).toEqual([1.5, 3, 6, 5, 4.5]);
  });

  it('changes nothing without neighbours', () => {
    const all = points([4, 1, 2]);
    expect(smoothPoints(all, 0)).toEqual(all);
  });
});
