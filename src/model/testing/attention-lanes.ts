import { floatsOf, floatTensor } from '../../contracts/session.ts';
import { uniform } from '../../decode/uniform.ts';
import { NO_PENDING, pendingColumns, pendingFeeds } from '../../draft/pending-rows.ts';
import { jointBlockAttention } from '../../graph/blocks/block-attention.ts';
import { createGraph, input, output } from '../../graph/graph.ts';
import { scale } from '../../graph/operators/elementwise.ts';
import { concat } from '../../graph/operators/layout.ts';
import { createSession } from '../../runtime/session.ts';
import {
  type BlockCache,
  type CachedText,
  type CacheRows,
  createBlockCache,
} from '../block-cache.ts';
import { joinFloats } from '../join-rows.ts';
import { laneFeeds } from '../lane-map.ts';
import { laneInputs, pastInputs } from '../pass-inputs.ts';

export interface HeadShape {
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
}

/** Queries, keys and values of some rows, one row after the other. */
export interface RowNumbers extends CacheRows {
  readonly queries: Float32Array; // [count, heads · headDim]
}

/** Rows of one text in a pass. */
export interface Lane {
  readonly text: CachedText;
  readonly rows: RowNumbers;
  readonly parents: Int32Array;
  readonly pending?: { readonly rows: RowNumbers; readonly sees: readonly (readonly number[])[] };
}

/** Attention of many texts in one pass, as a graph of its own with no weights around it. */
export interface LaneAttention {
  newCache(): BlockCache;
  numbers(count: number, seed: number): RowNumbers;
  /** The mixed values of each lane's rows [rows, heads · headDim], by lane. */
  mix(cache: BlockCache, lanes: readonly Lane[]): Promise<Float32Array[]>;
  dispose(): Promise<void>;
}

/** @param withPending whether lanes may bring rows of earlier passes */
export async function openLaneAttention(
  shape: HeadShape,
  threads: number,
  withPending = false,
): Promise<LaneAttention> {
  const { heads, kvHeads, headDim } = shape;
  const graph = createGraph('attention');
  const rowsInput = (name: string, count: number) =>
    input(graph, name, 'float32', ['n', count * headDim]);
  const [q, k, v] = [rowsInput('q', heads), rowsInput('k', kvHeads), rowsInput('v', kvHeads)];
  const past = pastInputs(graph, 0, shape, withPending);
  const { map } = laneInputs(graph, shape, withPending);
  const queryKey = concat([scale(q, 1 / Math.sqrt(headDim)), k], 1); // rows that are not turned
  output('mixed', jointBlockAttention(queryKey, v, past, map));
  const session = await createSession(graph, { device: 'cpu', threads });
  return {
    numbers: (count, seed) => rowNumbers(shape, count, seed),
    newCache: () => createBlockCache({ layers: 1, kvHeads, headDim }),
    async mix(cache, lanes) {
      const count = lanes.reduce((sum, { rows }) => sum + rows.count, 0);
      const n = Math.max(2, count);
      const join = (parts: readonly Float32Array[], headCount: number) => {
        const all = new Float32Array(n * headCount * headDim);
        all.set(joinFloats(parts));
        return floatTensor(all, [n, headCount * headDim]);
      };
      const angles = floatTensor(new Float32Array((n * headDim) / 2), [n, headDim / 2]);
      const reading = cache.read(lanes.map(({ text }) => text));
      const pending = lanes.map((lane) => pendingOf(lane, kvHeads * headDim));
      const columns = pendingColumns(pending);
      const mapped = laneFeeds(
        lanes.map(({ text, parents, pending }) => ({
          length: text.length,
          parents,
          ...(pending && { pending: pending.sees }),
        })),
        reading,
        { layers: 1, kvHeads, headDim },
        heads,
        n,
        columns,
      );
      const tails = mapped.tail_lane?.shape[0] ?? 0;
      const outputs = await session.run(
        {
          ...mapped,
          ...(withPending && pendingFeeds(pending, columns, reading.openOf, tails, shape)),
          q: join(
            lanes.map(({ rows }) => rows.queries),
            heads,
          ),
          k: join(
            lanes.map(({ rows }) => rows.keys),
            kvHeads,
          ),
          v: join(
            lanes.map(({ rows }) => rows.values),
            kvHeads,
          ),
          cos: angles,
          sin: angles,
        },
        ['mixed'],
      );
      const mixed = floatsOf(outputs, 'mixed');
      let first = 0;
      return lanes.map(({ rows }) => {
        const from = first * heads * headDim;
        first += rows.count;
        return mixed.slice(from, first * heads * headDim);
      });
    },
    dispose: () => session.dispose(),
  };
}

function pendingOf({ pending }: Lane, width: number) {
  if (pending === undefined) return NO_PENDING;
  const { count, keys, values } = pending.rows;
  const cut = (data: Float32Array) =>
    Array.from({ length: count }, (_, row) => data.subarray(row * width, (row + 1) * width));
  return { count, keys: cut(keys), values: cut(values) };
}

/** Random numbers of `count` rows; a seed's first rows are the same however many there are. */
export function rowNumbers(
  { heads, kvHeads, headDim }: HeadShape,
  count: number,
  seed: number,
): RowNumbers {
  const draw = (width: number, kind: number) =>
    Float32Array.from({ length: count * width }, (_, i) => 4 * uniform(3 * seed + kind, i) - 2);
  const width = kvHeads * headDim;
  return { count, queries: draw(heads * headDim, 0), keys: draw(width, 1), values: draw(width, 2) };
}

/** Some of the rows, in this order. */
export function chosenRows(rows: RowNumbers, which: readonly number[]): RowNumbers {
  const choose = (data: Float32Array) => {
    const width = data.length / rows.count;
    return joinFloats(which.map((row) => data.subarray(row * width, (row + 1) * width)));
  };
  return {
    count: which.length,
    queries: choose(rows.queries),
    keys: choose(rows.keys),
    values: choose(rows.values),
  };
}
