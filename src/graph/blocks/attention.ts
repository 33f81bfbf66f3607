import { GraphError } from '../../contracts/errors.ts';
import { addDims, type Dim } from '../dim.ts';
import { appendOne, dimOf, fixedDim, type Value } from '../graph.ts';
import { add, scale } from '../operators/elementwise.ts';
import {
  concat,
  type PartSizes,
  reshape,
  sizesOf,
  splitAt,
  transpose,
} from '../operators/layout.ts';
import { matmul } from '../operators/matrix.ts';
import { softmax } from '../operators/reduce.ts';

/** Committed keys and values of a layer. */
export interface Past {
  readonly keys: Value; // [kvHeads, headDim, c]
  readonly values: Value; // [kvHeads, c, headDim]
}

export interface CachedAttention {
  readonly mixed: Value; // [n, heads * headDim]
  readonly keys: Value; // [kvHeads, headDim, n], to be committed
  readonly values: Value; // [kvHeads, n, headDim]
}

/** What all layers of a pass share: who sees whom, and where cached and new columns part. */
export interface Visibility {
  readonly bias: Value; // [group*n, c+n]: 0 where a row sees a column, -inf elsewhere
  readonly sizes: PartSizes; // c and n
}

/** The bias [n, c+n] of a pass, repeated for the `group` heads that share keys. Done once, used by every layer. */
export function visibility(bias: Value, past: Past, group: number): Visibility {
  requireGroup(group);
  const sizes = sizesOf(past.keys, 2, bias, 0);
  return { bias: concat(Array<Value>(group).fill(bias), 0), sizes };
}

/**
 * Attention of n new rows over c cached columns and over each other. The bias says who sees whom, so a prefill
 * chunk, a token and a tree are the same computation; the cache is read, never copied.
 * q [n, heads, headDim], k and v [n, kvHeads, headDim].
 */
export function cachedAttention(
  q: Value,
  k: Value,
  v: Value,
  past: Past,
  visible: Visibility,
): CachedAttention {
  const [headDim, kvHeads] = [fixedDim(q, 2), fixedDim(k, 1)];
  const group = fixedDim(q, 1) / kvHeads;
  requireGroup(group);
  const keys = transpose(k, [1, 2, 0]); // [kvHeads, headDim, n]
  const values = transpose(v, [1, 0, 2]); // [kvHeads, n, headDim]
  const queries = groupRows(scale(q, 1 / Math.sqrt(headDim)), kvHeads, group); // [kvHeads, group*n, headDim]
  const scores = concat([matmul(queries, past.keys), matmul(queries, keys)], 2); // [kvHeads, group*n, c+n]
  const weights = softmax(add(scores, visible.bias));
  const [toPast, toNew] = splitAt(weights, visible.sizes, 2) as [Value, Value];
  const mixed = add(matmul(toPast, past.values), matmul(toNew, values)); // [kvHeads, group*n, headDim]
  return { mixed: ungroupRows(mixed, group, dimOf(q, 0)), keys, values };
}

function requireGroup(group: number): void {
  if (Number.isInteger(group) && group > 0) return;
  throw new GraphError(
    `Attention: ${group} heads can't share a key/value head; the heads must be a multiple of them.`,
  );
}

/** [n, kvHeads*group, d] → [kvHeads, group*n, d], so that one product serves all heads that share keys. */
function groupRows(q: Value, kvHeads: number, group: number): Value {
  if (group === 1) return transpose(q, [1, 0, 2]);
  const [n, d] = [dimOf(q, 0), fixedDim(q, 2)];
  const rows = Array<Dim>(group).fill(n).reduce(addDims);
  return reshape(transpose(reshape(q, [n, kvHeads, group, d]), [1, 2, 0, 3]), [kvHeads, rows, d]);
}

/** [kvHeads, group*n, d] → [n, kvHeads*group*d] */
function ungroupRows(mixed: Value, group: number, n: Dim): Value {
  const [kvHeads, d] = [fixedDim(mixed, 0), fixedDim(mixed, 2)];
  const split = group === 1 ? mixed : reshape(mixed, [kvHeads, group, n, d]);
  const order = group === 1 ? [1, 0, 2] : [2, 0, 1, 3];
  return reshape(transpose(split, order), [n, kvHeads * group * d]);
}

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
