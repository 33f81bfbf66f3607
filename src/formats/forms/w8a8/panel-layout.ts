/**
 * A product in 8 bits: whole numbers from -127 to 127, a column for each output, in panels of columns that are read in the
 * order in which they lie. ONNX Runtime copies a lone panel into memory in an order of its own, and is a third faster with
 * it; several panels it reads in their file, wherever they are narrow, at the speed of memory.
 */
import type { Product } from '../../../contracts/checkpoint.ts';
import type { EightBits } from '../form.ts';

/** A row of a narrow panel is a cache line. */
const NARROW = 64;
/** Models of more numbers than this are not copied into memory. */
const COPIED_AT_MOST = 1 << 29;

/** The parts of a product. */
export type PanelLayout = {
  /** Zeros after the last column; unsigned ones are counted from 128. */
  readonly panels: {
    readonly dtype: 'I8' | 'U8';
    readonly shape: readonly [count: number, into: number, columns: number];
  };
  /** What a whole number of each column is worth: F32 [panels, 1, columns] */
  readonly steps: {
    readonly dtype: 'F32';
    readonly shape: readonly [count: number, one: 1, columns: number];
  };
};

/** The largest whole number, of weights and of activations: the 8 bits are used so that a number and its opposite are alike. */
export const MOST = 127;

export function panelLayout(
  products: readonly Product[],
  eightBits: EightBits,
  copiedAtMost = COPIED_AT_MOST,
): PanelLayout[] {
  const sizes = products.map(({ matrices }) => ({
    out: matrices.reduce((sum, { shape }) => sum + (shape[0] as number), 0),
    into: matrices[0]?.shape[1] as number,
  }));
  const numbers = sizes.reduce((sum, { out, into }) => sum + out * into, 0);
  return sizes.map(({ out, into }) => {
    const columns = numbers > copiedAtMost ? NARROW : out;
    const count = Math.ceil(out / columns);
    return {
      panels: { dtype: eightBits === 'signed' ? 'I8' : 'U8', shape: [count, into, columns] },
      steps: { dtype: 'F32', shape: [count, 1, columns] },
    };
  });
}
