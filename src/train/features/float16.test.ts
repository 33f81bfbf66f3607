import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHalves, toHalves } from './float16.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);
const half = (value: number) => toHalves(Float32Array.of(value))[0] as number;
const all = Uint16Array.from({ length: 2 ** 16 }, (_, bits) => bits);

/** Finite halves from 0 up by the definition of binary16, in units of 2^-24: [31744]; then 2^16 in place of infinity. */
const ladder: number[] = [];
for (let exponent = 0; exponent < 31; exponent++) {
  for (let fraction = 0; fraction < 1024; fraction++) {
    ladder.push(exponent === 0 ? fraction : (1024 + fraction) * 2 ** (exponent - 1));
  }
}
ladder.push(2 ** 40);

/** The nearest step of the ladder, of two equally near the even one. */
function nearest(value: number): number {
  const wanted = Math.min(Math.abs(value) * 2 ** 24, 2 ** 40);
  let [low, high] = [0, ladder.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((ladder[middle] as number) <= wanted) low = middle;
    else high = middle;
  }
  const [below, above] = [wanted - (ladder[low] as number), (ladder[high] as number) - wanted];
  const step = below < above || (below === above && low % 2 === 0) ? low : high;
  return step + (Object.is(value, -0) || value < 0 ? 0x8000 : 0);
}

describe('fromHalves', () => {
  it('gives the value of every finite half', () => {
    const values = fromHalves(all);
    for (let step = 0; step < 0x7c00; step++) {
      const value = (ladder[step] as number) * 2 ** -24;
      expect([values[step], values[step + 0x8000]]).toEqual([value, -value]);
    }
  });

  it('knows infinities and NaN', () => {
    const values = fromHalves(all);
    expect([values[0x7c00], values[0xfc00]]).toEqual([Infinity, -Infinity]);
    expect(values.subarray(0x7c01, 0x8000).every(Number.isNaN)).toBe(true);
    expect(values.subarray(0xfc01).every(Number.isNaN)).toBe(true);
  });
});

describe('toHalves', () => {
  it('gives every half back, NaN as some NaN', () => {
    const isNotANumber = (bits: number) => (bits & 0x7fff) > 0x7c00;
    const back = toHalves(fromHalves(all));
    const changed = all.filter((bits) => !isNotANumber(bits) && back[bits] !== bits);
    expect(changed).toEqual(new Uint16Array(0));
    expect(back.filter(isNotANumber).length).toBe(2046);
  });

  it('rounds every midpoint of two halves to the even one, and what lies beside it to its side', () => {
    const wrong: number[] = [];
    const beside = new Int32Array(1);
    const shown = new Float32Array(beside.buffer);
    for (let step = 0; step < 0x7c00; step++) {
      shown[0] = (((ladder[step] as number) + (ladder[step + 1] as number)) / 2) * 2 ** -24;
      const middle = half(shown[0]);
      beside[0] = (beside[0] as number) - 1;
      const below = half(shown[0]);
      beside[0] = (beside[0] as number) + 2;
      const above = half(shown[0]);
      if (middle !== step + (step % 2) || below !== step || above !== step + 1) wrong.push(step);
    }
    expect(wrong).toEqual([]);
  });

  it('rounds any float to the nearest half', () => {
    const float = fc.float({ noNaN: true });
    const near = fc.float({ noNaN: true, min: -70_000, max: 70_000 });
    fc.assert(
      fc.property(fc.oneof(float, near), (value) => {
        expect(half(value)).toBe(nearest(value));
      }),
      { numRuns },
    );
  });

  it('reads an array that begins inside a buffer', () => {
    expect([...toHalves(Float32Array.of(9, 1, -2, 9).subarray(1, 3))]).toEqual([0x3c00, 0xc000]);
  });
});
