import { isBlockDtype, type WeightRef } from '../../contracts/checkpoint.ts';
import { inBlocks, TABLE_BLOCKS, widenedRows } from '../../formats/forms/stored/block-rows.ts';
import { type Graph, type Value, weight } from '../graph.ts';
import { cast } from '../operators/elementwise.ts';
import { gather } from '../operators/layout.ts';

/** A stored tensor as fp32. */
export function floats(graph: Graph, ref: WeightRef, shape?: readonly number[]): Value {
  return widened(weight(graph, ref, shape), ref);
}

/** Rows of a stored table, widened after they are chosen: ids int32 [n] → [n, H] */
export function embedding(table: WeightRef, ids: Value): Value {
  return widened(gather(weight(ids.graph, table), ids), table);
}

function widened(rows: Value, ref: WeightRef): Value {
  if (!isBlockDtype(ref.dtype)) return cast(rows, 'float32');
  if (ref.dtype === TABLE_BLOCKS) return widenedRows(rows);
  throw inBlocks(ref);
}
