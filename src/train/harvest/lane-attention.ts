import type { CachedAttention, Past, Visibility } from '../../graph/blocks/attention.ts';
import { addDims, type Dim } from '../../graph/dim.ts';
import { constant, dimOf, fixedDim, type Value } from '../../graph/graph.ts';
import { add, scale } from '../../graph/operators/elementwise.ts';
import {
  concat,
  reshape,
  reshapeTo,
  sizesOf,
  splitAt,
  transpose,
} from '../../graph/operators/layout.ts';
import { matmul } from '../../graph/operators/matrix.ts';
import { softmax } from '../../graph/operators/reduce.ts';

/** Rows [b·r, heads · headDim] → [b, r, heads, headDim]; grid int64 [2] holds b and r. */
export function cutLanes(grid: Value, headDim: number): (x: Value, heads: number) => Value {
  return (x, heads) => {
    const tail = constant(x.graph, BigInt64Array.of(BigInt(heads), BigInt(headDim)), [2]);
    return reshapeTo(x, concat([grid, tail], 0), ['b', 'r', heads, headDim]);
  };
}

/** The bias [b, 1, r, c+r] of a pass, repeated for the `group` heads that share keys: [b, 1, group·r, c+r] */
export function laneVisibility(bias: Value, past: Past, group: number): Visibility {
  const sizes = sizesOf(past.keys, 3, bias, 2);
  return { bias: concat(Array<Value>(group).fill(bias), 2), sizes };
}

/**
 * `cachedAttention` with an axis of lanes in front: r new rows of each lane over its c cached columns and over each
 * other. q [b, r, heads, headDim], k and v [b, r, kvHeads, headDim] → mixed [b·r, heads · headDim],
 * keys [b, kvHeads, headDim, r], values [b, kvHeads, r, headDim].
 */
export function laneAttention(
  q: Value,
  k: Value,
  v: Value,
  past: Past, // keys [b, kvHeads, headDim, c], values [b, kvHeads, c, headDim]
  visible: Visibility,
): CachedAttention {
  const [heads, kvHeads, headDim] = [fixedDim(q, 2), fixedDim(k, 2), fixedDim(q, 3)];
  const [b, r] = [dimOf(q, 0), dimOf(q, 1)];
  const keys = transpose(k, [0, 2, 3, 1]);
  const values = transpose(v, [0, 2, 1, 3]);
  const apart = transpose(scale(q, 1 / Math.sqrt(headDim)), [0, 2, 1, 3]); // [b, heads, r, headDim]
  const rows = Array<Dim>(heads / kvHeads)
    .fill(r)
    .reduce(addDims);
  const queries = reshape(apart, [b, kvHeads, rows, headDim]); // heads that share keys follow each other
  const scores = concat([matmul(queries, past.keys), matmul(queries, keys)], 3); // [b, kvHeads, group·r, c+r]
  const weights = softmax(add(scores, visible.bias));
  const [toPast, toNew] = splitAt(weights, visible.sizes, 3) as [Value, Value];
  const mixed = add(matmul(toPast, past.values), matmul(toNew, values));
  const joined = transpose(reshape(mixed, [b, heads, r, headDim]), [0, 2, 1, 3]);
  return { mixed: reshape(joined, ['n', heads * headDim]), keys, values };
}
