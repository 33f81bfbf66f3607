/**
 * Products in 4 bits. Of a row, each block of 32 numbers is rounded to 8 bits by its own largest, and its sum is of whole
 * numbers; blocks are added in floating point, in an order that ONNX Runtime keeps whatever else the pass holds.
 */
import type { ConvertedTensor, WeightRef } from '../../../contracts/checkpoint.ts';
import { GraphError } from '../../../contracts/errors.ts';
import { formatShape } from '../../../graph/dim.ts';
import { constant, dimOf, fixedDim, type Value, weight } from '../../../graph/graph.ts';
import { type Blockwise, blockwiseProduct } from '../../../graph/operators/blockwise.ts';
import { add, scale } from '../../../graph/operators/elementwise.ts';
import { concat, gather } from '../../../graph/operators/layout.ts';
import { sumOver } from '../../../graph/operators/reduce.ts';
import { sideBySide } from '../side-by-side.ts';
import { type BlockLayout, blockLayout } from './block-layout.ts';
import { quantiseRow } from './quantise-row.ts';

/** x [n, in] by matrices that lie side by side, plus biases → [n, out] */
export function product(x: Value, matrices: readonly WeightRef[], biases: readonly Value[]): Value {
  const y = timesBlocks(x, partsOf(x, matrices));
  return biases.length === 0 ? y : add(y, concat(biases, 0));
}

/** x [n, in] by some outputs, indices int32 [m] that the graph holds → [n, m]. They are picked when the session is made. */
export function chosenProduct(x: Value, matrix: WeightRef, indices: Value): Value {
  const { blocks, steps } = partsOf(x, [matrix]);
  return timesBlocks(x, { blocks: gather(blocks, indices), steps: gather(steps, indices) });
}

/** x [n, in] by a matrix of these numbers [out, in], which the graph holds → [n, out] */
export function constantProduct(x: Value, matrix: Float32Array): Value {
  const into = fixedDim(x, 1);
  const out = matrix.length / into;
  const { blocks, steps } = blockLayout(out, into);
  const rows = Array.from({ length: out }, (_, row) => {
    const packed = {
      blocks: new Uint8Array(blocks.shape[1] * blocks.shape[2]),
      steps: new Float32Array(steps.shape[1]),
    };
    quantiseRow(matrix.subarray(row * into, (row + 1) * into), packed);
    return packed;
  });
  const bytes = Uint8Array.from(rows.flatMap((row) => [...row.blocks]));
  const worth = Float32Array.from(rows.flatMap((row) => [...row.steps]));
  return timesBlocks(x, {
    blocks: constant(x.graph, bytes, blocks.shape),
    steps: constant(x.graph, worth, steps.shape),
  });
}

/** @throws GraphError where the matrices are not as wide as the rows, or were not converted for this product */
function partsOf(x: Value, matrices: readonly WeightRef[]): Blockwise {
  const { blocks, steps } = sideBySide(matrices).parts as Record<
    keyof BlockLayout,
    ConvertedTensor
  >;
  const into = matrices[0]?.shape[1];
  if (dimOf(x, 1) !== into) {
    throw new GraphError(
      `Product of ${formatShape(x.shape)} with ${blocks.name}: the rows must be ${into} wide.`,
    );
  }
  const { graph } = x;
  return {
    blocks: weight(graph, blocks),
    steps: weight(graph, steps),
  };
}

/** The product, not finite where a row of x is not: the operator may overlook NaN. */
const timesBlocks = (x: Value, matrix: Blockwise): Value =>
  add(blockwiseProduct(x, matrix), scale(sumOver(x, [-1]), 0));
