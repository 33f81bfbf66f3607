import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { valueOfHalf } from './forms/stored/widen.ts';
import { narrowFloats } from './narrow-floats.ts';

const RUNS = Number(process.env.MSD_FUZZ ?? 300);

function halves(values: readonly number[], dtype: 'F16' | 'BF16'): number[] | undefined {
  const bytes = narrowFloats(Float32Array.from(values), dtype);
  return bytes && [...new Uint16Array(bytes.buffer)];
}

const widenBF16 = (half: number) => new Float32Array(Uint32Array.of(half << 16).buffer)[0] ?? 0;

describe('narrowFloats', () => {
  it('gives every finite half back as it was', () => {
    for (const [dtype, widen, infinity] of [
      ['F16', valueOfHalf, 0x7c00],
      ['BF16', widenBF16, 0x7f80],
    ] as const) {
      const all = Array.from({ length: 1 << 16 }, (_, half) => half);
      const finite = all.filter((half) => (half & 0x7fff) < infinity);
      expect(halves(finite.map(widen), dtype)).toEqual(finite);
    }
  });

  it.each([
    ['F16', 1 + 2 ** -11, 0x3c00], // between 1 and the next: to even
    ['F16', 1 + 3 * 2 ** -11, 0x3c02],
    ['F16', 1 + 2 ** -11 + 2 ** -20, 0x3c01],
    ['F16', 65_519, 0x7bff],
    ['F16', 2 ** -25, 0], // half of the smallest
    ['F16', 2 ** -25 * 1.5, 1],
    ['F16', 2047 * 2 ** -25, 0x0400], // the largest below normal rounds up to normal
    ['F16', -0, 0x8000],
    ['BF16', 1 + 2 ** -8, 0x3f80],
    ['BF16', 1 + 3 * 2 ** -8, 0x3f82],
    ['BF16', -1 - 2 ** -8 - 2 ** -16, 0xbf81],
  ] as const)('rounds to %s: %f', (dtype, value, half) => {
    expect(halves([value], dtype)).toEqual([half]);
  });

  it('takes the nearer of the two halves around a number', () => {
    fc.assert(
      fc.property(fc.float({ min: -65_000, max: 65_000, noNaN: true }), (value) => {
        const [half = 0] = halves([value], 'F16') ?? [];
        const error = Math.abs(valueOfHalf(half) - value);
        for (const near of [half - 1, half + 1].filter((h) => (h & 0x7fff) < 0x7c00 && h >= 0)) {
          expect(error).toBeLessThanOrEqual(Math.abs(valueOfHalf(near) - value));
        }
      }),
      { numRuns: RUNS },
    );
  });

  it.each([
    ['F16', 65_520],
    ['F16', -1e30],
    ['BF16', 3.4e38],
  ] as const)('says that %s can not hold %f', (dtype, value) => {
    expect(halves([value], dtype)).toBeUndefined();
  });

  it.each(['F16', 'BF16'] as const)('keeps infinity and NaN of %s', (dtype) => {
    const widen = dtype === 'F16' ? valueOfHalf : widenBF16;
    const found = halves([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN], dtype);
    expect(found?.map(widen)).toEqual([
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.NaN,
    ]);
  });
});
