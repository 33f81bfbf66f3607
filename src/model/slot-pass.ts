/** A pass of slots behind a cache: new rows of the texts give keys and values, slots alone ask. */
import { type BlockPast, blockAttention, type LaneMap } from '../graph/blocks/block-attention.ts';
import { rotaryByTable } from '../graph/blocks/rotary.ts';
import { type Graph, input, type Value } from '../graph/graph.ts';
import { concat, reshape } from '../graph/operators/layout.ts';
import { type AttentionShape, mapInputs } from './pass-inputs.ts';

/** Cosines and sines of some rows [.., headDim / 2], as `turnedRows` has them. */
interface Angles {
  readonly cos: Value;
  readonly sin: Value;
}

/** What all layers share. */
interface SlotInputs {
  /** Of the slots [x, headDim / 2] */
  readonly asking: Angles;
  /** Of new rows and slots [n + x, headDim / 2] */
  readonly all: Angles;
  readonly map: LaneMap;
}

/** Declares cos and sin [n, headDim / 2], slot_cos and slot_sin [x, headDim / 2], and what `slotLaneFeeds` feeds. */
export function slotInputs(graph: Graph, shape: AttentionShape): SlotInputs {
  const { kvHeads, headDim } = shape;
  const floats = (name: string, rows: string) => input(graph, name, 'float32', [rows, headDim / 2]);
  const asking = { cos: floats('slot_cos', 'x'), sin: floats('slot_sin', 'x') };
  const columns = input(graph, 'tail_columns', 'int32', ['c', kvHeads, 'w']);
  return {
    asking,
    all: {
      cos: concat([floats('cos', 'n'), asking.cos], 0),
      sin: concat([floats('sin', 'n'), asking.sin], 0),
    },
    map: { ...mapInputs(graph, shape, 'x', 'o+w'), tailKeys: columns, tailValues: columns },
  };
}

/**
 * Attention of the slots' queries [x, heads · headDim] over keys and values [n + x, kvHeads · headDim] and the cache. The
 * keys, turned and scaled, and values are kept, so that those of new rows can be committed.
 */
export function slotPass(
  { asking, all, map }: SlotInputs,
  past: BlockPast,
  { heads, kvHeads, headDim }: AttentionShape,
) {
  return (queries: Value, keys: Value, values: Value) => {
    const asked = rotaryByTable(queries, asking.cos, asking.sin, heads);
    const turned = rotaryByTable(keys, all.cos, all.sin, kvHeads);
    const apart = (x: Value) => reshape(x, ['rows·heads', headDim]);
    const table = { queries: apart(asked), keys: apart(turned), values: apart(values) };
    return { mixed: blockAttention(table, past, map), keys: turned, values };
  };
}
