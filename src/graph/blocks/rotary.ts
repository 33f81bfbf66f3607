import { GraphError } from '../../contracts/errors.ts';
import { constant, type Graph, type Value } from '../graph.ts';
import { add, mul } from '../operators/elementwise.ts';
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
