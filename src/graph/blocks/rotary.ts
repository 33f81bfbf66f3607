import { GraphError } from '../../contracts/errors.ts';
import { appendOne, constant, type Graph, type Value } from '../graph.ts';
import { add, mul } from '../operators/elementwise.ts';
import { reshape } from '../operators/layout.ts';
import { matmul } from '../operators/matrix.ts';

/** Cosines and sines of the rows' positions, computed by the host: [n, 1, headDim] each, both halves alike. */
export interface RotaryRows {
  readonly cos: Value;
  readonly sin: Value;
  /** The turn (a, b) → (-b, a) of halves, from `quarterTurn`. */
  readonly turn: Value;
}

/**
 * Rotary position embedding by halves: x [n, heads, headDim] is turned in the planes (i, i + headDim / 2), as
 * x · cos + (x · quarter turn) · sin. The product with the constant turn only moves and negates numbers, so it is exact,
 * and takes one node where splitting and joining takes four.
 */
export function rotary(x: Value, { cos, sin, turn }: RotaryRows): Value {
  return add(mul(x, cos), mul(matmul(x, turn), sin));
}

/**
 * The same by one operator of ONNX Runtime, for rows as a product gives them: x [n, heads · headDim] with tables
 * cos and sin [n, headDim / 2] of the rows' positions.
 */
export function rotaryByTable(x: Value, cos: Value, sin: Value, heads: number): Value {
  const { graph, shape, dtype } = x;
  const lone = reshape(x, [1, ...shape]); // a batch of one
  const first = constant(graph, BigInt64Array.of(0n), [1]); // row i of x reads row i of the tables
  const inputs = [lone, first, cos, sin];
  const attributes = { num_heads: heads, interleaved: 0 };
  const result = { dtype, shape: lone.shape };
  return reshape(appendOne('com.microsoft.RotaryEmbedding', inputs, result, attributes), shape);
}

/** [headDim, headDim]: (a, b) → (-b, a) on halves, as a right factor. Made once for all layers. */
export function quarterTurn(graph: Graph, headDim: number): Value {
  const half = headDim / 2;
  if (!Number.isInteger(half) || half < 1) {
    throw new GraphError(`Rotary: a head of ${headDim} numbers can't be turned by halves.`);
  }
  const turn = new Float32Array(headDim * headDim);
  for (let i = 0; i < half; i++) {
    turn[(i + half) * headDim + i] = -1;
    turn[i * headDim + i + half] = 1;
  }
  return constant(graph, turn, [headDim, headDim]);
}
