/**
 * Attention of many blocks at once, as they learn: a dialogue's context is projected once, a block stands at each of its
 * anchors, and sees the context before its root and its own slots, no other block.
 */
import type { BlockAttend } from '../../../draft/block-parts.ts';
import { type RotaryRows, rotary } from '../../../graph/blocks/rotary.ts';
import type { Dim, Shape } from '../../../graph/dim.ts';
import { constant, dimOf, type Value } from '../../../graph/graph.ts';
import { add, scale } from '../../../graph/operators/elementwise.ts';
import {
  concat,
  gather,
  reshape,
  reshapeTo,
  splitLike,
  transpose,
} from '../../../graph/operators/layout.ts';
import { matmul } from '../../../graph/operators/matrix.ts';
import { softmax } from '../../../graph/operators/reduce.ts';

export interface BlockGrid {
  /** int64 [3]: dialogues b, context rows n of each, blocks a of each. */
  readonly grid: Value;
  /** [b, 1, a, 1, n]: 0 where a block sees a context row, -inf elsewhere. */
  readonly bias: Value;
  /** Of context rows, then slots: cos and sin [b·n + b·a·slots, 1, headDim]. */
  readonly rotary: RotaryRows;
}

interface AttentionShape {
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly slots: number;
}

/**
 * `blockLayer`'s attention: queries [b·a·slots, heads · d], keys and values [b·n + b·a·slots, kvHeads · d].
 * @param context rows [b·n, ..] and slots [b·a·slots, ..], for their sizes
 */
export function slotAttention(
  { grid, bias, rotary: angles }: BlockGrid,
  [context, slotRows]: readonly [Value, Value],
  { heads, kvHeads, headDim: d, slots }: AttentionShape,
): BlockAttend<{ readonly mixed: Value }> {
  const group = heads / kvHeads;
  const size = (index: number) => gather(grid, constant(grid.graph, Int32Array.of(index), [1]));
  const [b, n, a] = [size(0), size(1), size(2)];
  const view = (x: Value, sizes: readonly (Value | number)[], shape: Shape) =>
    reshapeTo(x, joined(sizes), shape);
  const cut = (x: Value) => splitLike(x, [context, slotRows], 0) as [Value, Value];
  const [cos, sin] = [cut(angles.cos)[1], cut(angles.sin)[1]];
  const ofSlots = { cos, sin, turn: angles.turn };

  return (queries, keys, values) => {
    const q = rotary(scale(byHead(queries, heads, d), 1 / Math.sqrt(d)), ofSlots);
    const [contextKeys, slotKeys] = cut(rotary(byHead(keys, kvHeads, d), angles));
    const [contextValues, slotValues] = cut(byHead(values, kvHeads, d));
    const ofDialogue = (x: Value, order: readonly number[]) =>
      transpose(view(x, [b, n, kvHeads, d], ['b', 'n', kvHeads, d]), order);
    const ofBlock = (x: Value, order: readonly number[]) =>
      transpose(view(x, [b, a, slots, kvHeads, d], ['b', 'a', slots, kvHeads, d]), order);

    const apart = transpose(
      view(q, [b, a, slots, kvHeads, group, d], ['b', 'a', slots, kvHeads, group, d]),
      [0, 3, 1, 4, 2, 5],
    );
    const together = group * slots;
    const perBlock: Shape = ['b', kvHeads, 'a', together, d];
    const asked = view(apart, [b, kvHeads, a, together, d], perBlock);
    const flat = (x: Value, width: Value | number, dim: Dim) =>
      view(x, [b, kvHeads, -1, width], ['b', kvHeads, 'asked', dim]);
    const blocks = (x: Value, width: Value | number, dim: Dim) =>
      view(x, [b, kvHeads, a, together, width], ['b', kvHeads, 'a', together, dim]);

    const toContext = matmul(flat(asked, d, d), ofDialogue(contextKeys, [0, 2, 3, 1]));
    const scores = [
      add(blocks(toContext, n, 'n'), bias), // [b, kvHeads, a, group·slots, n]
      matmul(asked, ofBlock(slotKeys, [0, 3, 1, 4, 2])), // [.., slots]
    ];
    const [seen, own] = splitLike(softmax(concat(scores, -1)), scores, -1) as [Value, Value];
    const fromContext = matmul(flat(seen, n, 'n'), ofDialogue(contextValues, [0, 2, 1, 3]));
    const mixed = add(blocks(fromContext, d, d), matmul(own, ofBlock(slotValues, [0, 3, 1, 2, 4])));
    const byBlock = view(
      mixed,
      [b, kvHeads, a, group, slots, d],
      ['b', kvHeads, 'a', group, slots, d],
    );
    const rows = transpose(byBlock, [0, 2, 4, 1, 3, 5]);
    return { mixed: reshape(rows, [dimOf(queries, 0), heads * d]) };
  };
}

/** [n, heads · d] → [n, heads, d] */
const byHead = (x: Value, heads: number, d: number): Value => reshape(x, [dimOf(x, 0), heads, d]);

/** Sizes that are known at run time int64 [1] beside those that are known now: int64 [rank] */
function joined(sizes: readonly (Value | number)[]): Value {
  const { graph } = sizes.find((size) => typeof size !== 'number') as Value;
  return concat(
    sizes.map((size) =>
      typeof size === 'number' ? constant(graph, BigInt64Array.of(BigInt(size)), [1]) : size,
    ),
    0,
  );
}
