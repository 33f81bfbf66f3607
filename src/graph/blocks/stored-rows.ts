import { isBlockDtype, type WeightRef } from '../../contracts/checkpoint.ts';
import { widenedRows } from '../../formats/forms/stored/block-rows.ts';
import { type Graph, type Value, weight } from '../graph.ts';
import { cast } from '../operators/elementwise.ts';
import { gather } from '../operators/layout.ts';

/** A stored tensor as fp32. */
export function floats(graph: Graph, ref: WeightRef, shape?: readonly number[]): Value {
  return cast(weight(graph, ref, shape), 'float32');
}

/** Rows of a stored table, widened after they are chosen: ids int32 [n] → [n, H] */
export function embedding(table: WeightRef, ids: Value): Value {
  const rows = gather(weight(ids.graph, table), ids);
  return isBlockDtype(table.dtype) ? widenedRows(rows) : cast(rows, 'float32');
}
