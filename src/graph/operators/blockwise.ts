import { GraphError } from '../../contracts/errors.ts';
import { formatShape } from '../dim.ts';
import { appendOne, dimOf, fixedDim, type Value } from '../graph.ts';

/** Numbers of a row that share a scale. */
export const BLOCK_NUMBERS = 32;
/** Two whole numbers of 4 bits a byte. */
export const BLOCK_BYTES = BLOCK_NUMBERS / 2;
/** Rows are rounded to 8 bits by blocks, and a block's sums are of whole numbers. */
const WHOLE_SUMS = 4;

/** Matrices [out, in] in blocks of 32 numbers, c = ⌈in ÷ 32⌉ a row: whole number times step each. */
export interface Blockwise {
  /** Whole numbers from -8 to 7, counted from -8 up, two a byte, the earlier in the lower half: uint8 [out, c, 16] */
  readonly blocks: Value;
  readonly steps: Value; // float32 [out, c]
}

/** x [n, in] by matrices in blocks → float32 [n, out]. Blocks of 32 numbers of x are rounded to 8 bits as they come. */
export function blockwiseProduct(x: Value, { blocks, steps }: Blockwise): Value {
  const [into, out] = [fixedDim(x, -1), fixedDim(blocks, 0)];
  const count = Math.ceil(into / BLOCK_NUMBERS);
  const wanted = [
    ['uint8', blocks, [out, count, BLOCK_BYTES]],
    ['float32', steps, [out, count]],
  ] as const;
  const fits = wanted.every(
    ([dtype, value, shape]) => value.dtype === dtype && value.shape.join() === shape.join(),
  );
  if (x.shape.length !== 2 || x.dtype !== 'float32' || !fits) {
    const all = [x, blocks, steps];
    const shapes = all.map(({ dtype, shape }) => `${dtype} ${formatShape(shape)}`).join(', ');
    throw new GraphError(`MatMulNBits: ${shapes} do not fit.`);
  }
  return appendOne(
    'com.microsoft.MatMulNBits',
    [x, blocks, steps],
    { dtype: 'float32', shape: [dimOf(x, 0), out] },
    { K: into, N: out, bits: 4, block_size: BLOCK_NUMBERS, accuracy_level: WHOLE_SUMS },
  );
}
