import { GraphError } from '../contracts/errors.ts';
import {
  BLOCK,
  type BlockPast,
  jointBlockAttention,
  type LaneMap,
  ONES,
  sharedBias,
} from '../graph/blocks/block-attention.ts';
import { rotaryByTable } from '../graph/blocks/rotary.ts';
import type { Shape } from '../graph/dim.ts';
import { type Graph, input, type Value } from '../graph/graph.ts';
import { split } from '../graph/operators/layout.ts';

/** The rows of a pass: ids or visual embeddings, and the rows that the head reads. */
export function rowInputs(graph: Graph, hiddenSize: number) {
  return {
    ids: input(graph, 'ids', 'int32', ['n']),
    visual: input(graph, 'visual', 'float32', ['m', hiddenSize]),
    order: input(graph, 'order', 'int32', ['n']),
    heads: input(graph, 'heads', 'int32', ['h']),
  };
}

export interface AttentionShape {
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
}

/** What all layers of a pass share: cos and sin [n, headDim / 2], and the fields of `LaneMap` as `laneFeeds` names them. */
export interface LaneInputs {
  readonly cos: Value;
  readonly sin: Value;
  readonly map: LaneMap;
}

/** @param pending whether rows of earlier passes stand between a text's open block and its new columns */
export function laneInputs(graph: Graph, shape: AttentionShape, pending = false): LaneInputs {
  const { kvHeads, headDim } = shape;
  return {
    cos: input(graph, 'cos', 'float32', ['n', headDim / 2]),
    sin: input(graph, 'sin', 'float32', ['n', headDim / 2]),
    map: {
      ...mapInputs(graph, shape, 'n', pending ? 'o+q+w' : 'o+w'),
      tailKeys: input(graph, 'tail_keys', 'int32', ['c', kvHeads, 'w']),
      tailValues: input(graph, 'tail_values', 'int32', ['c', kvHeads, 'w']),
    },
  };
}

/**
 * What every pass over lanes is told, but for its new columns.
 * @param rows how the graph calls the number of rows that ask
 * @param columns and that of a tail's columns
 */
export function mapInputs(
  graph: Graph,
  { heads, kvHeads, headDim }: AttentionShape,
  rows: string,
  columns: string,
): Omit<LaneMap, 'tailKeys' | 'tailValues'> {
  const group = groupOf(heads, kvHeads);
  const together = Array<string>(group).fill('r').join('+');
  const ints = (name: string, shape: Shape) => input(graph, name, 'int32', shape);
  return {
    blockQueries: ints('block_queries', ['p', kvHeads, together]),
    tailQueries: ints('tail_queries', ['c', kvHeads, together]),
    blockLane: ints('block_lane', ['p']),
    tailLane: ints('tail_lane', ['c']),
    maxSlots: ints('max_slots', ['s', 'b']),
    sumSlots: ints('sum_slots', ['s', 'b']),
    bias: sharedBias(input(graph, 'bias', 'float32', ['c', 1, 'r', columns]), group),
    nothing: input(graph, 'nothing', 'float32', [1, kvHeads, together, headDim + ONES]),
    mixedRows: ints('mixed_rows', [rows, heads]),
  };
}

function groupOf(heads: number, kvHeads: number): number {
  if (heads % kvHeads === 0) return heads / kvHeads;
  throw new GraphError(
    `Attention: ${heads} heads can't share ${kvHeads} of keys and values; they must be a multiple.`,
  );
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

/**
 * A pass over rows behind a cache. Attention keeps the rows' keys, turned and scaled, and values
 * [n, kvHeads · headDim], to be committed.
 */
export function cachedPass(
  { cos, sin, map }: LaneInputs,
  past: BlockPast,
  { heads, kvHeads, headDim }: AttentionShape,
) {
  return {
    attendRows(queryKey: Value, value: Value) {
      const turned = rotaryByTable(queryKey, cos, sin, heads + kvHeads);
      const keys = split(turned, [heads * headDim, kvHeads * headDim], 1)[1] as Value;
      return { mixed: jointBlockAttention(turned, value, past, map), keys, values: value };
    },
  };
}
