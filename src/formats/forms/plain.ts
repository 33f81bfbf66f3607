import { isBlockDtype, type WeightRef } from '../../contracts/checkpoint.ts';
import { type Graph, type Value, weight } from '../../graph/graph.ts';
import { cast } from '../../graph/operators/elementwise.ts';
import { concat, gather } from '../../graph/operators/layout.ts';
import { gemm } from '../../graph/operators/matrix.ts';
import type { Form } from './form.ts';
import { inBlocks } from './stored/block-rows.ts';

/** Matrices as they are stored. Halves are widened, and all are packed into memory, when a session is made. */
export const plain: Form = {
  product(x, matrices, biases) {
    const joined = matrices.map((matrix) => rowsOf(x.graph, matrix));
    return gemm(x, concat(joined, 0), biases.length > 0 ? concat(biases, 0) : undefined);
  },
  chosenProduct: (x, matrix, indices) => gemm(x, gather(rowsOf(x.graph, matrix), indices)),
  mapped: false,
  bytes: (shape) => 4 * shape.reduce((product, dim) => product * dim, 1),
};

/** [out, in] in fp32; a convolution's weight [out, ..] as [out, the rest]. */
function rowsOf(graph: Graph, matrix: WeightRef): Value {
  if (isBlockDtype(matrix.dtype)) throw inBlocks(matrix);
  const [out, ...rest] = matrix.shape as [number, ...number[]];
  const shape = [out, rest.reduce((product, dim) => product * dim, 1)];
  return cast(weight(graph, matrix, shape), 'float32');
}
