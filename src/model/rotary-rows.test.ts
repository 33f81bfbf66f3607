import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inverseFrequencies, rotaryRows, turnedRows } from './rotary-rows.ts';

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

describe('turnedRows', () => {
  const axes = (n: number) =>
    fc.array(fc.nat(4000), { minLength: n, maxLength: n }).map((places) => Int32Array.from(places));
  const rows = fc
    .integer({ min: 1, max: 6 })
    .chain((n) => fc.record({ time: axes(n), height: axes(n), width: axes(n) }));
  const sections = fc
    .tuple(fc.nat(8), fc.nat(8), fc.nat(8))
    .filter((sizes) => sizes.some((size) => size > 0));
  const scales = fc.constantFrom(1, 0.5, 1.2);

  it('turns each frequency by the axis of its section, scaled for queries and keys alike', () => {
    fc.assert(
      fc.property(rows, sections, scales, (places, mropeSection, scale) => {
        const half = mropeSection.reduce((sum, size) => sum + size, 0);
        const headDim = 2 * half;
        const frequencies = inverseFrequencies(headDim, 10_000);
        const { cos, sin } = turnedRows(places, { headDim, mropeSection }, { frequencies, scale });
        expect([cos.shape, sin.shape]).toEqual([
          [places.time.length, half],
          [places.time.length, half],
        ]);
        const byAxis = [places.time, places.height, places.width].map((axis) =>
          rotaryRows(axis, frequencies, scale),
        );
        const axisOf = mropeSection.flatMap((size, axis) => Array<number>(size).fill(axis));
        for (const row of places.time.keys()) {
          for (let i = 0; i < half; i++) {
            const whole = byAxis[axisOf[i] as number];
            const [at, from] = [row * half + i, row * headDim + i];
            const factor = headDim ** -0.25;
            expect(cos.data[at]).toBeCloseTo((whole?.cos.data[from] as number) * factor, 6);
            expect(sin.data[at]).toBeCloseTo((whole?.sin.data[from] as number) * factor, 6);
          }
        }
      }),
      { numRuns: Math.ceil(numRuns / 6) },
    );
  });

  it('turns by time where a model has no sections, and a row as it would alone', () => {
    const rope = { frequencies: inverseFrequencies(8, 10_000), scale: 1 };
    const axis = Int32Array.of(5, 900, 31);
    const others = Int32Array.of(1, 2, 3);
    const many = turnedRows({ time: axis, height: others, width: others }, { headDim: 8 }, rope);
    const place = Int32Array.of(900);
    const alone = turnedRows({ time: place, height: place, width: place }, { headDim: 8 }, rope);
    expect(many.cos.data.slice(4, 8)).toEqual(alone.cos.data);
    expect(many.sin.data.slice(4, 8)).toEqual(alone.sin.data);
  });
});
