import { isInMemory, type WeightRef } from '../../contracts/checkpoint.ts';
import { GraphError } from '../../contracts/errors.ts';
import { type Graph, type Value, weight } from '../graph.ts';
import { cast } from '../operators/elementwise.ts';
import { concat, gather, split } from '../operators/layout.ts';
import { gemm } from '../operators/matrix.ts';
import { chosenEightBitProduct, eightBitProduct } from './eight-bit-product.ts';

/** A matrix as stored, [out, in], with its bias if it has one. */
export interface LinearWeights {
  readonly weight: WeightRef;
  readonly bias?: WeightRef;
}

/**
 * x [n, in] → [n, out]: the one way from activations through a weight matrix, so that precision is decided here.
 * A matrix that has an 8-bit copy is read from it. Others are used in fp32; F16 and BF16 files are widened when the
 * session is made. A weight with more axes (a convolution's) is read as [out, the rest].
 */
export function linear(x: Value, { weight: w, bias }: LinearWeights): Value {
  const { graph } = x;
  note(graph, [w]);
  const added = bias && floats(graph, bias);
  if (w.eightBit) return eightBitProduct(x, [w], added);
  const flat = [w.shape[0] as number, w.shape.slice(1).reduce((product, dim) => product * dim, 1)];
  return gemm(x, floats(graph, w, flat), added);
}

/**
 * Several matrices that read the same rows, as one product, cut into parts of the given widths:
 * x [n, in] → [n, widths[0]], [n, widths[1]], …
 */
export function linears(
  x: Value,
  parts: readonly LinearWeights[],
  widths: readonly number[],
): Value[] {
  const { graph } = x;
  const matrices = parts.map((part) => part.weight);
  note(graph, matrices);
  const biases = parts.flatMap((part) => (part.bias ? [floats(graph, part.bias)] : []));
  if (biases.length !== 0 && biases.length !== parts.length) {
    throw new GraphError('Matrices of one product must all have a bias, or none.');
  }
  const bias = biases.length === 0 ? undefined : concat(biases, 0);
  return split(product(x, matrices, bias), widths, 1);
}

function product(x: Value, matrices: readonly WeightRef[], bias: Value | undefined): Value {
  if (matrices.some((matrix) => matrix.eightBit)) return eightBitProduct(x, matrices, bias);
  const joined = concat(
    matrices.map((matrix) => floats(x.graph, matrix)),
    0,
  );
  return gemm(x, joined, bias);
}

/** `linear` by some of the matrix's outputs only: x [n, in], indices int32 [m] → [n, m] */
export function chosenLinear(x: Value, matrix: WeightRef, indices: Value): Value {
  note(x.graph, [matrix]);
  if (matrix.eightBit) return chosenEightBitProduct(x, matrix, indices);
  return gemm(x, gather(floats(x.graph, matrix), indices));
}

/** Rows of a stored table, widened after they are chosen: ids int32 [n] → [n, H] */
export function embedding(table: WeightRef, ids: Value): Value {
  return cast(gather(weight(ids.graph, table), ids), 'float32');
}

/** A stored tensor as fp32. */
export function floats(graph: Graph, ref: WeightRef, shape?: readonly number[]): Value {
  return cast(weight(graph, ref, shape), 'float32');
}

/** Only what lies in files may be read in 8 bits later. */
function note(graph: Graph, matrices: readonly WeightRef[]): void {
  const inFiles = matrices.flatMap((matrix) => (isInMemory(matrix) ? [] : [matrix]));
  if (inFiles.length === matrices.length) graph.products.push(inFiles);
}
