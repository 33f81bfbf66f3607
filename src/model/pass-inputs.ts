import {
  BLOCK,
  type BlockPast,
  blockAttention,
  type LaneMap,
  ONES,
  sharedBias,
} from '../graph/blocks/block-attention.ts';
import { quarterTurn, type RotaryRows } from '../graph/blocks/rotary.ts';
import { dimOf, type Graph, input, type Value } from '../graph/graph.ts';
import { reshape } from '../graph/operators/layout.ts';

/** The rows of a pass: ids or visual embeddings, and the rows that the head reads. */
export function rowInputs(graph: Graph, hiddenSize: number) {
  return {
    ids: input(graph, 'ids', 'int32', ['n']),
    visual: input(graph, 'visual', 'float32', ['m', hiddenSize]),
    order: input(graph, 'order', 'int32', ['n']),
    heads: input(graph, 'heads', 'int32', ['h']),
  };
}

interface AttentionShape {
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
}

/** What all layers of a pass share: cos and sin [n, 1, headDim], and the fields of `LaneMap` as `laneFeeds` names them. */
export interface LaneInputs {
  readonly rotary: RotaryRows;
  readonly map: LaneMap;
}

/** @param pending whether rows of earlier passes stand between a text's open block and its new columns */
export function laneInputs(
  graph: Graph,
  { heads, kvHeads, headDim }: AttentionShape,
  pending = false,
): LaneInputs {
  const ints = (name: string, shape: readonly string[]) => input(graph, name, 'int32', shape);
  const angles = ['n', 1, headDim] as const;
  const group = heads / kvHeads;
  const columns = pending ? 'o+q+w' : 'o+w';
  const together = Array<string>(group).fill('r').join('+');
  return {
    rotary: {
      cos: input(graph, 'cos', 'float32', angles),
      sin: input(graph, 'sin', 'float32', angles),
      turn: quarterTurn(graph, headDim),
    },
    map: {
      laneRows: ints('lane_rows', ['b', 'r']),
      tailRows: ints('tail_rows', ['c', 'w']),
      tailLane: ints('tail_lane', ['c']),
      blockLane: ints('block_lane', ['p']),
      maxSlots: ints('max_slots', ['s', 'b']),
      sumSlots: ints('sum_slots', ['s', 'b']),
      bias: sharedBias(input(graph, 'bias', 'float32', ['c', 1, 'r', columns]), group),
      nothing: input(graph, 'nothing', 'float32', [1, kvHeads, together, headDim + ONES]),
      placeOfRow: ints('place_of_row', ['n']),
    },
  };
}

/** A layer's committed cache, as `BlockCache` feeds it; with `pending` also pending_keys_i, pending_values_i. */
export function pastInputs(
  graph: Graph,
  layer: number,
  { kvHeads, headDim }: Pick<AttentionShape, 'kvHeads' | 'headDim'>,
  pending = false,
): BlockPast {
  const floats = (name: string, shape: readonly (string | number)[]) =>
    input(graph, `${name}_${layer}`, 'float32', shape);
  const deep = headDim + ONES;
  return {
    keys: floats('keys', ['p', kvHeads, headDim, BLOCK]),
    values: floats('values', ['p', kvHeads, BLOCK, deep]),
    openKeys: floats('open_keys', ['c', kvHeads, headDim, 'o']),
    openValues: floats('open_values', ['c', kvHeads, 'o', deep]),
    ...(pending && {
      pending: {
        keys: floats('pending_keys', ['c', kvHeads, headDim, 'q']),
        values: floats('pending_values', ['c', kvHeads, 'q', headDim]),
      },
    }),
  };
}

/** A pass over rows behind a cache. Attention keeps the rows' keys and values [n, kvHeads, headDim], to be committed. */
export function cachedPass({ rotary, map }: LaneInputs, past: BlockPast, headDim: number) {
  return {
    rotary,
    cut: (x: Value, heads: number) => reshape(x, [dimOf(x, 0), heads, headDim]),
    attend: (q: Value, k: Value, v: Value) => ({
      mixed: blockAttention(q, k, v, past, map),
      keys: k,
      values: v,
    }),
  };
}
