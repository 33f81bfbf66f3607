import { GraphError } from '../../contracts/errors.ts';
import { addDims, type Dim } from '../dim.ts';
import { appendOne, dimOf, fixedDim, type Value } from '../graph.ts';
import { add, scale } from '../operators/elementwise.ts';
import { concat, reshape, transpose } from '../operators/layout.ts';
import { matmul } from '../operators/matrix.ts';
import { softmax } from '../operators/reduce.ts';

/**
 * Attention of every row over every row of its own picture. q, k, v [b, t, heads, headDim] → [b, t, width]
 * @param bias for pictures of fewer rows [b, 1, 1, t]: 0 where a row is one, -inf elsewhere
 */
export function fullAttention(q: Value, k: Value, v: Value, bias?: Value): Value {
  const [b, t, heads, headDim] = [dimOf(q, 0), dimOf(q, 1), fixedDim(q, 2), fixedDim(q, 3)];
  const scores = matmul(
    scale(transpose(q, [0, 2, 1, 3]), 1 / Math.sqrt(headDim)),
    transpose(k, [0, 2, 3, 1]),
  );
  const weights = softmax(bias === undefined ? scores : add(scores, bias));
  const mixed = matmul(weights, transpose(v, [0, 2, 1, 3])); // [b, heads, t, headDim]
  return reshape(transpose(mixed, [0, 2, 1, 3]), [b, t, heads * headDim]);
}

/**
 * Attention of every row over every row, whose scores never stand in memory all at once: for sequences so long that
 * they would not fit. ONNX Runtime's own operator. q, k, v [t, heads, headDim] → [t, heads·headDim]
 */
export function flashAttention(q: Value, k: Value, v: Value): Value {
  const [t, heads, headDim] = [dimOf(q, 0), fixedDim(q, 1), fixedDim(q, 2)];
  const width = heads * headDim;
  const flat = [q, k, v].map((part) => reshape(part, [1, t, width]));
  const result = { dtype: q.dtype, shape: [1, t, width] } as const;
  const mixed = appendOne('com.microsoft.MultiHeadAttention', flat, result, { num_heads: heads });
  return reshape(mixed, [t, width]);
}

/**
 * Attention of a batch of b sequences of n rows, each over its own. q [b, n, heads, d], k and v [b, n, kvHeads, d],
 * bias [n, n]: 0 where a row sees a column, -inf elsewhere. → [b·n, heads·d]
 */
export function batchedAttention(q: Value, k: Value, v: Value, bias: Value, rows: Dim): Value {
  const [heads, kvHeads, headDim] = [fixedDim(q, 2), fixedDim(k, 2), fixedDim(q, 3)];
  const queries = queriesByKey(scale(q, 1 / Math.sqrt(headDim)), kvHeads); // [b, kvHeads, group*n, d]
  const scores = matmul(queries, transpose(k, [0, 2, 3, 1])); // [b, kvHeads, group*n, n]
  const weights = softmax(add(scores, concat(Array<Value>(heads / kvHeads).fill(bias), 0)));
  const mixed = matmul(weights, transpose(v, [0, 2, 1, 3])); // [b, kvHeads, group*n, d]
  return rowsOfHeads(mixed, q, rows);
}

/** The queries of heads that share keys, one after the other: [b, n, kvHeads*group, d] → [b, kvHeads, group*n, d] */
export function queriesByKey(q: Value, kvHeads: number): Value {
  const [b, n, headDim] = [dimOf(q, 0), dimOf(q, 1), fixedDim(q, 3)];
  const group = fixedDim(q, 2) / kvHeads;
  requireGroup(group);
  const together = Array<Dim>(group).fill(n).reduce(addDims);
  return reshape(transpose(q, [0, 2, 1, 3]), [b, kvHeads, together, headDim]);
}

/** The way back, for q [b, n, heads, d]: [b, kvHeads, group*n, d] → [b·n, heads·d], whose rows are called `rows`. */
export function rowsOfHeads(mixed: Value, q: Value, rows: Dim): Value {
  const [b, n, heads, headDim] = [dimOf(q, 0), dimOf(q, 1), fixedDim(q, 2), fixedDim(q, 3)];
  const apart = transpose(reshape(mixed, [b, heads, n, headDim]), [0, 2, 1, 3]);
  return reshape(apart, [rows, heads * headDim]);
}

/** @throws GraphError unless a whole number of heads shares a key/value head */
function requireGroup(group: number): void {
  if (Number.isInteger(group) && group > 0) return;
  throw new GraphError(
    `Attention: ${group} heads can't share a key/value head; the heads must be a multiple of them.`,
  );
}
