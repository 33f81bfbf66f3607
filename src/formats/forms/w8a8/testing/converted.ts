import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from '../../../../checkpoint/testing/folders.ts';
import type { ConvertedTensor, Product, TensorRef } from '../../../../contracts/checkpoint.ts';
import { matrixRows } from '../../../matrix-rows.ts';
import type { EightBits } from '../../form.ts';
import { packPanels } from '../pack-panels.ts';
import { panelLayout } from '../panel-layout.ts';

/** For which processor, and how many numbers are copied into memory; what is so by default is undefined. */
export interface Kept {
  readonly eightBits?: EightBits;
  readonly copiedAtMost?: number;
}

/** What becomes of a small model, and of one that is too large to be copied into memory, on processors of both kinds. */
export const LAYOUTS: [string, Kept][] = (['signed', 'unsigned'] as const).flatMap((eightBits) => [
  [`one panel, ${eightBits}`, { eightBits }],
  [`panels of 64 columns, ${eightBits}`, { eightBits, copiedAtMost: 0 }],
]);

/** The matrices of each product in 8 bits, in a file that is gone when the test is over. */
export async function converted(
  products: readonly Product[],
  { eightBits = 'signed', copiedAtMost }: Kept = {},
): Promise<TensorRef[][]> {
  const path = join(tempFolder(), 'converted');
  writeFileSync(path, '');
  let end = 0;
  const made: TensorRef[][] = [];
  for (const [index, layout] of panelLayout(products, eightBits, copiedAtMost).entries()) {
    const product = products[index] as Product;
    const { matrices, ...sides } = product;
    for await (const piece of packPanels(product, layout, matrixRows)) {
      appendFileSync(path, piece);
    }
    const placed = (name: string, { dtype, shape }: Pick<ConvertedTensor, 'dtype' | 'shape'>) => {
      const bytes = shape.reduce((count, dim) => count * dim, dtype === 'F32' ? 4 : 1);
      end += bytes;
      return { name, dtype, shape, path, offset: end - bytes, bytes };
    };
    const parts = { panels: placed('panels', layout.panels), steps: placed('steps', layout.steps) };
    const outputs = matrices.reduce((sum, { shape }) => sum + (shape[0] as number), 0);
    let first = 0;
    made.push(
      matrices.map((matrix) => {
        const form = { kind: 'w8a8', parts, outputs, first, sides } as const;
        first += matrix.shape[0] as number;
        return { ...matrix, form };
      }),
    );
  }
  return made;
}
