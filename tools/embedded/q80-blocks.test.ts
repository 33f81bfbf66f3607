import fc from 'fast-check';
import { expect, it } from 'vitest';
import { widened } from '../../src/formats/forms/stored/stored-types.ts';
import { q80Blocks } from './q80-blocks.ts';

const numbers = fc.float32Array({ minLength: 64, maxLength: 64, min: -9, max: 9, noNaN: true });

it('holds each number to half a step of its block', () => {
  fc.assert(
    fc.property(numbers, (all) => {
      const read = widened('Q8_0', q80Blocks(all));
      for (const first of [0, 32]) {
        const block = all.subarray(first, first + 32);
        const step = Math.max(...block.map(Math.abs)) / 127;
        for (const [i, number] of block.entries()) {
          // The scale is a half, so a step is a two-thousandth off, and the largest number 127 of those.
          const most = 0.5 * step + 127 * step * 2 ** -11 + 127 * 2 ** -25;
          expect(Math.abs((read[first + i] as number) - number)).toBeLessThanOrEqual(most);
        }
      }
    }),
  );
});

it('holds what lies in such blocks already, bit by bit', () => {
  const steps = Float32Array.from({ length: 32 }, (_, i) => (i === 0 ? 127 : 4 * i - 60) * 0.25);
  expect(widened('Q8_0', q80Blocks(steps))).toEqual(steps);
});

it('has blocks of zeros, and refuses what no half can scale', () => {
  expect(q80Blocks(new Float32Array(32))).toEqual(new Uint8Array(34));
  expect(() => q80Blocks(new Float32Array(32).fill(1e30))).toThrow(RangeError);
});
