import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TensorRef } from '../../../contracts/checkpoint.ts';
import { NonFiniteWeightError } from '../../../contracts/errors.ts';
import { size } from '../../../graph/testing/random.ts';
import { f32, stored } from '../../../graph/testing/stored.ts';
import { readFloats } from '../../read-tensor.ts';
import { packQ40, packQ41 } from '../../testing/pack-blocks.ts';
import { dequantiseQ40, dequantiseQ41 } from '../stored/dequantise-simple.ts';
import { converted, readBack } from './testing/converted.ts';

const rows = (matrix: Float32Array, into: number) =>
  Array.from({ length: matrix.length / into }, (_, row) =>
    matrix.subarray(row * into, (row + 1) * into),
  );

async function packed(into: number, ...matrices: readonly Float32Array[]) {
  const refs = await stored(
    Object.fromEntries(matrices.map((data, i) => [`m${i}`, f32([data.length / into, into], data)])),
  );
  const inForm = await converted(refs, [Object.values(refs)]);
  return readBack(Object.values(inForm) as TensorRef[]);
}

/** Finite halves, none so small that a step times a whole number has fewer bits than it needs. */
const half = fc
  .integer({ min: 0x0400, max: 0x7bff })
  .chain((bits) => fc.constantFrom(bits, bits | 0x8000));
const wholes = (min: number, max: number) =>
  fc.array(fc.integer({ min, max }), { minLength: 32, maxLength: 32 });

describe('matrices in 4 bits', () => {
  it('keep every number of neighbours near, and have zeros after them', async () => {
    const sizes = fc.tuple(size(70), size(30), size(90));
    const property = fc.asyncProperty(sizes, async ([a, b, into]) => {
      const data = [a, b].map((count, phase) =>
        Float32Array.from({ length: count * into }, (_, i) => Math.sin(1.7 * i + phase)),
      );
      const read = await packed(into, ...data);
      const wanted = data.flatMap((matrix) => rows(matrix, into));
      expect(read).toHaveLength(wanted.length);
      for (const [row, { numbers }] of read.entries()) {
        for (const [i, got] of numbers.entries()) {
          // Numbers within ±1 lie 1/6 apart at most; those at either end may be cut by as much.
          const off = Math.abs(got - (wanted[row]?.[i] ?? 0));
          expect(off, `row ${row}, number ${i}`).toBeLessThan(i < into ? 0.21 : 1e-9);
        }
      }
    });
    await fc.assert(property, { numRuns: 10 });
  });

  it('are nearer than by -8 steps to the largest number alone', async () => {
    const data = Float32Array.from({ length: 64 * 128 }, (_, i) => Math.sin(i * i) ** 3);
    const off = (of: readonly (readonly number[])[]) =>
      rows(data, 128)
        .flatMap((row, at) => Array.from(row, (x, i) => (x - (of[at]?.[i] ?? 0)) ** 2))
        .reduce((sum, x) => sum + x, 0);
    const simple = rows(data, 32).flatMap((block) => {
      const largest = block.reduce((most, x) => (Math.abs(x) > Math.abs(most) ? x : most), 0);
      const step = largest / -8;
      return Array.from(block, (x) => step * Math.min(7, Math.round(x / step)));
    });
    const byRows = rows(Float32Array.from(simple), 128).map((row) => [...row]);
    const read = await packed(128, data);
    expect(off(read.map(({ numbers }) => numbers))).toBeLessThan(0.95 * off(byRows));
  });

  it('keep every bit of what GGUF holds as Q4_0', async () => {
    const property = fc.asyncProperty(
      fc.array(fc.record({ d: half, q: wholes(-8, 7) }), { minLength: 1, maxLength: 6 }),
      async (blocks) => {
        const data = new Float32Array(32 * blocks.length);
        const bytes = blocks.map(({ d, q }) => packQ40({ d, m: 0, q }));
        dequantiseQ40(Uint8Array.from(bytes.flatMap((block) => [...block])), data);
        const [row] = await packed(data.length, data);
        // Where d is below zero, GGUF's zeros are -0; a product can't tell.
        expect(row?.numbers).toEqual(Array.from(data, (x) => x + 0));
      },
    );
    await fc.assert(property, { numRuns: 25 });
  });

  it('do not keep all that GGUF holds as Q4_1, whose minimum is no whole number of steps', async () => {
    const data = new Float32Array(32);
    const q = Array.from({ length: 32 }, (_, i) => i % 16);
    dequantiseQ41(packQ41({ d: 0x3c00, m: 0xb800, q }), data); // 1 · q - 0.5
    const [row] = await packed(32, data);
    const off = Array.from(data, (x, i) => Math.abs(x - (row?.numbers[i] ?? 0)));
    expect(Math.max(...off)).toBeGreaterThan(0);
    expect(Math.max(...off)).toBeLessThan(1.5);
  });

  it('that hold NaN or infinity are refused', async () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const data = Float32Array.from({ length: 70 * 40 }, (_, i) => (i === 2500 ? bad : i));
      await expect(packed(40, data)).rejects.toThrow(NonFiniteWeightError);
    }
  });

  it('of the narrow floats are those of the same numbers in F32', async () => {
    const bits = Uint16Array.from({ length: 5 * 64 }, (_, i) => 0x3800 + ((i * 37) % 900));
    const { narrow } = await stored({ narrow: { dtype: 'F16', shape: [5, 64], data: bits } });
    const inForm = await converted({ narrow }, [[narrow]]);
    expect(readBack([inForm.narrow])).toEqual(await packed(64, await readFloats(narrow)));
  });
});
