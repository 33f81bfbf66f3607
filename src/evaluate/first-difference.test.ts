import fc from 'fast-check';
import { expect, it } from 'vitest';
import { firstDifference } from './first-difference.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);
const ids = fc.array(fc.nat({ max: 3 }), { maxLength: 8 });

it('finds nothing between equal texts', () => {
  fc.assert(
    fc.property(ids, (text) => {
      expect(firstDifference(text, [...text])).toBeNull();
    }),
    { numRuns },
  );
});

it('has equal tokens before it and different ones at it, the end counted as one', () => {
  fc.assert(
    fc.property(ids, ids, (a, b) => {
      const at = firstDifference(a, b);
      fc.pre(at !== null);
      expect(a.slice(0, at)).toEqual(b.slice(0, at));
      expect(a[at]).not.toBe(b[at]);
    }),
    { numRuns },
  );
});

it('counts a missing rest as a difference', () => {
  expect(firstDifference([1, 2], [1, 2, 3])).toBe(2);
});
