import type { Form, Packing } from '../form.ts';
import { packPanels } from './pack-panels.ts';
import { panelLayout } from './panel-layout.ts';
import { chosenProduct, product } from './product.ts';

/**
 * Weights in 8 bits, scaled by output, and activations that are rounded to 8 bits row by row as they come, both turned
 * before. Panels of 64
 * columns are used where their file is mapped, one panel is copied into memory; either way each number counts once.
 */
export const w8a8 = {
  product,
  chosenProduct,
  mapped: true,
  bytes: (shape) => {
    const [out, ...rest] = shape as [number, ...number[]];
    return out * (rest.reduce((count, dim) => count * dim, 1) + 4);
  },
  packing: {
    version: 4,
    sides: ({ reads, writes }) => ({ reads, writes }),
    layout: panelLayout,
    pack: packPanels,
  },
} satisfies Form & { packing: Packing };
