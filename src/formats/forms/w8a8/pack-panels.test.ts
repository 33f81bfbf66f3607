import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TensorRef } from '../../../contracts/checkpoint.ts';
import { NonFiniteWeightError } from '../../../contracts/errors.ts';
import { size } from '../../../graph/testing/random.ts';
import { f32, stored } from '../../../graph/testing/stored.ts';
import { readFloats } from '../../read-tensor.ts';
import { sideBySide } from '../side-by-side.ts';
import { converted, LAYOUTS } from './testing/converted.ts';
import { turnedRow } from './testing/plain-panels.ts';

const filled = (rows: number, into: number, of = (i: number) => Math.sin(i)) =>
  f32(
    [rows, into],
    Float32Array.from({ length: rows * into }, (_, i) => of(i)),
  );

interface Column {
  readonly whole: readonly number[];
  readonly worth: number;
}

/** The columns of all panels. */
async function readBack(matrices: readonly TensorRef[]): Promise<Column[]> {
  const { panels, steps } = sideBySide(matrices).parts;
  if (panels === undefined || steps === undefined) throw new Error('there is no copy');
  const [count, into, width] = panels.shape as [number, number, number];
  const file = readFileSync(panels.path);
  const worth = await readFloats(steps as TensorRef);
  return Array.from({ length: count * width }, (_, column) => {
    const panel = panels.offset + Math.floor(column / width) * into * width;
    const whole = Array.from({ length: into }, (_, i) => {
      const at = panel + i * width + (column % width);
      return panels.dtype === 'I8' ? file.readInt8(at) : file.readUInt8(at) - 128;
    });
    return { whole, worth: worth[column] as number };
  });
}

describe.each(LAYOUTS)('matrices in %s', (_, kept) => {
  it('keep every number of neighbours to half a step of its own row, and have zeros after them', async () => {
    const sizes = fc.tuple(size(150), size(90), size(20));
    const property = fc.asyncProperty(sizes, async ([a, b, into]) => {
      const refs = await stored({ a: filled(a, into), b: filled(b, into, (i) => i % 7) });
      const [matrices = []] = await converted([{ matrices: [refs.a, refs.b] }], kept);
      const columns = await readBack(matrices);
      const want = Float32Array.of(...(await readFloats(refs.a)), ...(await readFloats(refs.b)));
      for (const [row, { whole, worth }] of columns.entries()) {
        if (row >= a + b) {
          expect(whole, `column ${row}, after the last`).toEqual(whole.map(() => 0));
          continue;
        }
        const line = turnedRow(want.slice(row * into, (row + 1) * into));
        const step = Math.max(0, ...line.map(Math.abs)) / 127;
        const off = whole.map((x, i) => Math.abs(x * worth - (line[i] as number)));
        expect(Math.max(...off), `row ${row}`).toBeLessThanOrEqual(step * 0.5001);
      }
    });
    await fc.assert(property, { numRuns: 30 });
  });

  it('that hold NaN are refused', async () => {
    const { a } = await stored({ a: filled(70, 5, (i) => (i === 344 ? Number.NaN : i)) });
    await expect(converted([{ matrices: [a] }], kept)).rejects.toThrow(NonFiniteWeightError);
  });
});
