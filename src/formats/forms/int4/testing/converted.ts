import { readFileSync } from 'node:fs';
import { tempFolder } from '../../../../checkpoint/testing/folders.ts';
import type { TensorRef } from '../../../../contracts/checkpoint.ts';
import { openConversion } from '../../../open-conversion.ts';
import { withForms } from '../../../plan-conversion.ts';
import { sideBySide } from '../../side-by-side.ts';

/** Matrices of some products in 4 bits, by name, in a file that is gone when the test is over. */
export async function converted<Name extends string>(
  refs: Readonly<Record<Name, TensorRef>>,
  products: readonly (readonly TensorRef[])[],
): Promise<Record<Name, TensorRef>> {
  const at = { folder: tempFolder(), model: tempFolder(), now: new Date(0) };
  const plan = await openConversion(
    'int4',
    products.map((matrices) => ({ matrices })),
    { ...at, eightBits: 'signed' },
    () => {},
  );
  const tensors = new Map<string, TensorRef>(Object.entries(refs));
  return Object.fromEntries(withForms(tensors, plan)) as Record<Name, TensorRef>;
}

/** A row that was packed, as the format says what it stands for: each number is a whole one times a step. */
export interface ReadRow {
  readonly numbers: readonly number[];
  /** Of each block. */
  readonly steps: readonly number[];
}

/** The rows of a product, each as long as its blocks are. */
export function readBack(matrices: readonly TensorRef[]): ReadRow[] {
  const { blocks, steps } = sideBySide(matrices).parts;
  if (!blocks || !steps) throw new Error('a part is missing');
  const file = readFileSync(blocks.path);
  const [out, count] = blocks.shape as [number, number];
  const nibble = (at: number, i: number) => ((file[at + (i >> 1)] as number) >> (4 * (i & 1))) & 15;
  return Array.from({ length: out }, (_, row) => {
    const worth = Array.from({ length: count }, (_, block) =>
      file.readFloatLE(steps.offset + 4 * (row * count + block)),
    );
    const numbers = Array.from({ length: 32 * count }, (_, i) => {
      const whole = nibble(blocks.offset + row * count * 16, i);
      return Math.fround((whole - 8) * (worth[i >> 5] as number)) + 0; // never -0
    });
    return { numbers, steps: worth };
  });
}
