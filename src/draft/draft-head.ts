import type { DraftConfig, WeightRef } from '../contracts/checkpoint.ts';
import { chosenLinear, linear } from '../graph/blocks/linear.ts';
import { embedding, floats } from '../graph/blocks/stored-rows.ts';
import { constant, type Graph, type Value } from '../graph/graph.ts';
import { cast } from '../graph/operators/elementwise.ts';
import { gather } from '../graph/operators/layout.ts';

/** Which rows of the target's head a draft speaks through. Default: all. */
type Spoken = Pick<DraftConfig, 'headTokenIds'>;

/** What a draft says of rows x [n, H] through the target's head [V, H] → [n, V'] */
export function headLogits(x: Value, head: WeightRef, { headTokenIds: ids }: Spoken): Value {
  return ids === undefined
    ? linear(x, { weight: head })
    : chosenLinear(x, head, headTokens(x.graph, ids));
}

/** The tokens that outputs of the head stand for: places int64 [..] → int32 [..] */
export function spokenTokens(places: Value, { headTokenIds: ids }: Spoken): Value {
  const narrow = cast(places, 'int32');
  return ids === undefined ? narrow : gather(headTokens(places.graph, ids), narrow);
}

/** The target's head [V, H], or the rows of it that the draft speaks through [V', H]. */
export function readHead(graph: Graph, head: WeightRef, { headTokenIds: ids }: Spoken): Value {
  return ids === undefined ? floats(graph, head) : embedding(head, headTokens(graph, ids));
}

const headTokens = (graph: Graph, ids: readonly number[]): Value =>
  constant(graph, Int32Array.from(ids), [ids.length]);
