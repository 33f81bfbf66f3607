import fc from 'fast-check';
import { expect, it } from 'vitest';
import { expOfMinus } from './exp-of-minus.ts';

it('is e^-x to a relative error of 1e-13', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 700, noNaN: true }), (x) => {
      expect(Math.abs(expOfMinus(x) / Math.exp(-x) - 1)).toBeLessThan(1e-13);
    }),
    { numRuns: 2000 },
  );
});

it('is exact at 0, tiny near the end and 0 beyond it', () => {
  expect(expOfMinus(0)).toBe(1);
  expect(expOfMinus(744)).toBeGreaterThan(0);
  expect(expOfMinus(744)).toBeLessThan(1e-322);
  expect([746, 1e300, Number.POSITIVE_INFINITY].map(expOfMinus)).toEqual([0, 0, 0]);
  expect(expOfMinus(Number.NaN)).toBeNaN();
});
