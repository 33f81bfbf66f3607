import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inverseFrequencies, rotaryRows } from './rotary-rows.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);

const headDims = fc.integer({ min: 1, max: 64 }).map((half) => 2 * half);
const thetas = fc.constantFrom(10_000, 500_000, 1_000_000);
/** Any order, runs of equal positions as in a tree's levels. */
const positions = fc
  .array(fc.record({ position: fc.nat(8191), times: fc.integer({ min: 1, max: 4 }) }), {
    minLength: 1,
    maxLength: 8,
  })
  .map((runs) =>
    Int32Array.from(runs.flatMap(({ position, times }) => Array<number>(times).fill(position))),
  );

describe('rotaryRows', () => {
  it('is the cosine and sine of position / theta^(2i / headDim), as near as fp32 angles come', () => {
    fc.assert(
      fc.property(headDims, thetas, positions, (headDim, theta, places) => {
        const { cos, sin } = rotaryRows(places, inverseFrequencies(headDim, theta));
        expect(cos.shape).toEqual([places.length, 1, headDim]);
        expect(sin.shape).toEqual(cos.shape);
        for (const [row, position] of places.entries()) {
          for (let j = 0; j < headDim; j++) {
            const angle = position / theta ** ((2 * (j % (headDim / 2))) / headDim);
            // A few roundings of the frequency, grown by the position, and one of the angle.
            const tolerance = 1e-7 + Math.abs(angle) * 5e-7;
            const at = row * headDim + j;
            expect(Math.abs((cos.data[at] as number) - Math.cos(angle))).toBeLessThan(tolerance);
            expect(Math.abs((sin.data[at] as number) - Math.sin(angle))).toBeLessThan(tolerance);
          }
        }
      }),
      { numRuns: Math.ceil(numRuns / 6) },
    );
  });

  it('gives a position the same row, whatever stands around it', () => {
    const frequencies = inverseFrequencies(8, 10_000);
    const many = rotaryRows(Int32Array.of(7, 9, 9, 9, 7), frequencies).cos.data;
    const alone = rotaryRows(Int32Array.of(9), frequencies).cos.data;
    for (const row of [1, 2, 3]) expect(many.slice(row * 8, row * 8 + 8)).toEqual(alone);
    expect(many.slice(32)).toEqual(many.slice(0, 8));
  });
});
