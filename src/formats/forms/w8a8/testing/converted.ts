import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from '../../../../checkpoint/testing/folders.ts';
import type { ConvertedTensor, Product, TensorRef } from '../../../../contracts/checkpoint.ts';
import { matrixRows } from '../../../matrix-rows.ts';
import { packPanels } from '../pack-panels.ts';
import { panelLayout } from '../panel-layout.ts';

/** What becomes of a small model, and of one that is too large to be copied into memory. */
export const LAYOUTS = [
  ['one panel', undefined],
  ['panels of 64 columns', 0],
] as const;

/** The matrices of each product in 8 bits, in a file that is gone when the test is over. */
export async function converted(
  products: readonly Product[],
  copiedAtMost?: number,
): Promise<TensorRef[][]> {
  const path = join(tempFolder(), 'converted');
  writeFileSync(path, '');
  let end = 0;
  const made: TensorRef[][] = [];
  for (const [index, layout] of panelLayout(products, copiedAtMost).entries()) {
    const product = products[index] as Product;
    const { matrices, ...sides } = product;
    for await (const piece of packPanels(product, layout, matrixRows)) {
      appendFileSync(path, piece);
    }
    const placed = (name: string, { dtype, shape }: Pick<ConvertedTensor, 'dtype' | 'shape'>) => {
      const bytes = shape.reduce((count, dim) => count * dim, dtype === 'I8' ? 1 : 4);
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
