import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { largest } from './largest.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);

describe('largest', () => {
  it('is a sort where nothing ties', () => {
    const cases = fc
      .uniqueArray(fc.integer({ min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 200 })
      .chain((values) =>
        fc.record({ values: fc.constant(values), k: fc.integer({ min: 1, max: values.length }) }),
      );
    fc.assert(
      fc.property(cases, ({ values, k }) => {
        const sorted = [...values].sort((a, b) => b - a).slice(0, k);
        const found = largest(Float32Array.from(values), k);
        expect(found.map((index) => values[index])).toEqual(sorted);
      }),
      { numRuns },
    );
  });

  it('finds the same numbers as a sort where some tie, each index once', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5), { minLength: 1, maxLength: 100 }), (values) => {
        const k = Math.ceil(values.length / 2);
        const found = largest(Float32Array.from(values), k);
        expect(new Set(found).size).toBe(k);
        const sorted = [...values].sort((a, b) => b - a).slice(0, k);
        expect(found.map((index) => values[index])).toEqual(sorted);
      }),
      { numRuns },
    );
  });
});
