import {
  type CachedAttention,
  type Past,
  queriesByKey,
  rowsOfHeads,
  type Visibility,
} from '../../graph/blocks/attention.ts';
import { fixedDim, type Value } from '../../graph/graph.ts';
import { add, scale } from '../../graph/operators/elementwise.ts';
import { concat, sizesOf, splitAt, transpose } from '../../graph/operators/layout.ts';
import { matmul } from '../../graph/operators/matrix.ts';
import { softmax } from '../../graph/operators/reduce.ts';

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
  const keys = transpose(k, [0, 2, 3, 1]);
  const values = transpose(v, [0, 2, 1, 3]);
  const queries = queriesByKey(scale(q, 1 / Math.sqrt(fixedDim(q, 3))), fixedDim(k, 2)); // [b, kvHeads, group·r, headDim]
  const scores = concat([matmul(queries, past.keys), matmul(queries, keys)], 3); // [b, kvHeads, group·r, c+r]
  const weights = softmax(add(scores, visible.bias));
  const [toPast, toNew] = splitAt(weights, visible.sizes, 3) as [Value, Value];
  const mixed = add(matmul(toPast, past.values), matmul(toNew, values));
  return { mixed: rowsOfHeads(mixed, q, 'n'), keys, values };
}
