import type { Product, TensorRef } from '../../../contracts/checkpoint.ts';
import { NonFiniteWeightError } from '../../../contracts/errors.ts';
import type { PartLayout } from '../form.ts';
import { widened } from '../stored/stored-types.ts';
import type { BlockLayout } from './block-layout.ts';
import { quantiseRow } from './quantise-row.ts';

/** Rows of a piece. */
const STRIPE = 64;

/**
 * The bytes of a product's blocks, some rows at a time, then of its steps.
 * @throws NonFiniteWeightError
 */
export async function* packBlocks(
  { matrices }: Product,
  layout: PartLayout,
  rowsOf: (matrix: TensorRef) => AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const { blocks } = layout as BlockLayout;
  const [out, count, blockBytes] = blocks.shape;
  const rowBytes = count * blockBytes;
  const stripe = new Uint8Array(STRIPE * rowBytes);
  const allSteps = new Float32Array(out * count);
  let output = 0;
  for (const matrix of matrices) {
    const into = matrix.shape[1] as number;
    for await (const stored of rowsOf(matrix)) {
      const some = widened(matrix.dtype, stored);
      for (let row = 0; row < some.length / into; row++) {
        const packed = {
          blocks: nth(stripe, output % STRIPE, rowBytes),
          steps: nth(allSteps, output, count),
        };
        const allFinite = quantiseRow(nth(some, row, into), packed);
        if (!allFinite) throw new NonFiniteWeightError(matrix.path, matrix.name);
        output++;
        if (output % STRIPE === 0) yield stripe;
      }
    }
  }
  yield stripe.subarray(0, (output % STRIPE) * rowBytes);
  yield new Uint8Array(allSteps.buffer);
}

/** The n-th of parts that are `length` long. */
const nth = <Numbers extends Uint8Array | Float32Array>(all: Numbers, n: number, length: number) =>
  all.subarray(n * length, (n + 1) * length) as Numbers;
