import { isBlockDtype, type WeightRef } from '../../contracts/checkpoint.ts';
import { GraphError } from '../../contracts/errors.ts';
import { TABLE_BLOCKS, widenedRows } from '../../formats/forms/stored/block-rows.ts';
import { type Graph, type Value, weight } from '../graph.ts';
import { cast } from '../operators/elementwise.ts';
import { gather } from '../operators/layout.ts';

/** A stored tensor as fp32. */
export function floats(graph: Graph, ref: WeightRef, shape?: readonly number[]): Value {
  const stored = weight(graph, ref, shape);
  return widened(stored, ref);
}

/** Rows of a stored table, widened after they are chosen: ids int32 [n] → [n, H] */
export function embedding(table: WeightRef, ids: Value): Value {
  const rows = gather(weight(ids.graph, table), ids);
  return widened(rows, table);
}

function widened(rows: Value, { name, dtype }: WeightRef): Value {
  if (!isBlockDtype(dtype)) return cast(rows, 'float32');
  if (dtype === TABLE_BLOCKS) return widenedRows(rows);
  throw new GraphError(
    `Weight ${name} lies in blocks (${dtype}); convert it, or export the folder as F32.`,
  );
}
