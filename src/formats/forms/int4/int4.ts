import type { Form, Packing } from '../form.ts';
import { blockLayout, productLayouts } from './block-layout.ts';
import { packBlocks } from './pack-blocks.ts';
import { chosenProduct, constantProduct, product } from './product.ts';

/** A block in memory: its whole numbers, its step, and what -8 steps are worth, which ONNX Runtime keeps beside them. */
const BLOCK_MEMORY = 16 + 4 + 4;

/**
 * Weights in 4 bits, each block of 32 numbers of a row under a step of its own; activations are rounded to 8
 * bits by blocks as they come. ONNX Runtime packs all of it into memory when a session is made.
 */
export const int4 = {
  product,
  chosenProduct,
  constantProduct,
  mapped: false,
  bytes: (shape) => {
    const [out, ...rest] = shape as [number, ...number[]];
    const into = rest.reduce((count, dim) => count * dim, 1);
    return out * blockLayout(out, into).steps.shape[1] * BLOCK_MEMORY;
  },
  packing: { version: 1, sides: () => ({}), layout: productLayouts, pack: packBlocks },
} satisfies Form & { packing: Packing };
