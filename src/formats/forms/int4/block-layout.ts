import type { Product } from '../../../contracts/checkpoint.ts';
import { BLOCK_BYTES, BLOCK_NUMBERS } from '../../../graph/operators/blockwise.ts';

/** The parts of a product, as `Blockwise` has them. */
export type BlockLayout = {
  readonly blocks: Part<'U8', readonly [out: number, count: number, bytes: typeof BLOCK_BYTES]>;
  readonly steps: Part<'F32', readonly [out: number, count: number]>;
};

type Part<Dtype, Shape> = { readonly dtype: Dtype; readonly shape: Shape };

/** Of a matrix, or of several side by side. */
export function blockLayout(out: number, into: number): BlockLayout {
  const count = Math.ceil(into / BLOCK_NUMBERS);
  return {
    blocks: { dtype: 'U8', shape: [out, count, BLOCK_BYTES] },
    steps: { dtype: 'F32', shape: [out, count] },
  };
}

export const productLayouts = (products: readonly Product[]): BlockLayout[] =>
  products.map(({ matrices }) => {
    const out = matrices.reduce((sum, { shape }) => sum + (shape[0] as number), 0);
    return blockLayout(out, matrices[0]?.shape[1] as number);
  });
