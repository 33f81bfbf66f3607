/**
 * Attention of a draft that has guessed j tokens on its own. Row p stands at the end of a chain: it sees the rows of
 * true features up to p - j, then the rows of depth 1, 2, … that led to it, one each, and itself. So a whole dialogue
 * is unrolled from every position at once, as decoding would unroll it from one.
 */
import { queriesByKey, rowsOfHeads } from '../../../graph/blocks/attention.ts';
import type { Dim } from '../../../graph/dim.ts';
import { dimOf, fixedDim, type Value } from '../../../graph/graph.ts';
import { add, mul, scale } from '../../../graph/operators/elementwise.ts';
import {
  concat,
  gather,
  reshape,
  reshapeTo,
  shapeOf,
  splitLike,
  transpose,
} from '../../../graph/operators/layout.ts';
import { matmul } from '../../../graph/operators/matrix.ts';
import { softmax, sumOver } from '../../../graph/operators/reduce.ts';

/** Keys and values of one depth: [b, n, kvHeads, headDim] each. */
export interface DepthRows {
  readonly keys: Value;
  readonly values: Value;
}

/**
 * @param q [b, n, heads, headDim] of depth j
 * @param depths those of depth 0 (true features) to j
 * @param bias [n, n]: 0 where a row sees a column of depth 0, -inf elsewhere
 * @param back row indices [r] of the rows that stand 1, 2, … before each
 * @param rows the size b · n
 */
export function unrolledAttention(
  q: Value,
  depths: readonly DepthRows[],
  bias: Value,
  back: readonly Value[],
  rows: Dim,
): Value {
  const [first, ...chain] = depths as [DepthRows, ...DepthRows[]];
  const [b, n] = [dimOf(q, 0), dimOf(q, 1)];
  const [heads, kvHeads, headDim] = [fixedDim(q, 2), fixedDim(first.keys, 2), fixedDim(q, 3)];
  const group = heads / kvHeads;
  const scaled = scale(q, 1 / Math.sqrt(headDim));

  const queries = queriesByKey(scaled, kvHeads);
  const together = dimOf(queries, 2);
  const toTrue = add(
    matmul(queries, transpose(first.keys, [0, 2, 3, 1])), // [b, kvHeads, group*n, n]
    concat(Array<Value>(group).fill(bias), 0),
  );
  const grouped = reshape(scaled, [b, n, kvHeads, group, headDim]);
  const toChain = chain.map(({ keys }, index) => {
    const led = shifted(keys, back[chain.length - 2 - index]); // the last leads to itself
    const scores = sumOver(mul(grouped, reshape(led, [b, n, kvHeads, 1, headDim])), [-1]);
    return reshape(transpose(scores, [0, 2, 3, 1, 4]), [b, kvHeads, together, 1]);
  });
  const scores = [toTrue, ...toChain];
  const [ofTrue, ...ofChain] = splitLike(softmax(concat(scores, -1)), scores, -1) as [
    Value,
    ...Value[],
  ];

  let mixed = matmul(ofTrue, transpose(first.values, [0, 2, 1, 3])); // [b, kvHeads, group*n, headDim]
  for (const [index, { values }] of chain.entries()) {
    const led = transpose(shifted(values, back[chain.length - 2 - index]), [0, 2, 1, 3]);
    const weight = reshape(ofChain[index] as Value, [b, kvHeads, group, n, 1]);
    const share = mul(weight, reshape(led, [b, kvHeads, 1, n, headDim]));
    mixed = add(mixed, reshape(share, [b, kvHeads, together, headDim]));
  }
  return rowsOfHeads(mixed, q, rows);
}

/** Rows that stand some places before each, of any sequence: x [b, n, heads, headDim] → the same shape */
function shifted(x: Value, back: Value | undefined): Value {
  if (back === undefined) return x;
  const width = fixedDim(x, 2) * fixedDim(x, 3);
  const moved = gather(reshape(x, ['r', width]), back); // [r, heads·headDim]
  return reshapeTo(moved, shapeOf(x), x.shape);
}
