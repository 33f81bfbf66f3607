import { floatTensor, intTensor, type Tensor } from '../contracts/session.ts';
import { BLOCK } from '../graph/blocks/block-attention.ts';
import type { CacheReading, CacheShape } from './block-cache.ts';
import { HIDDEN, headRows, type LaneTail, mixedRows, sharedLaneFeeds } from './lane-places.ts';

/** Rows of one text in a pass. */
export interface LaneRows {
  /** Committed columns of the text. */
  readonly length: number;
  /** Earlier row of the lane that each row follows, or -1 if it follows the committed text. */
  readonly parents: Int32Array; // [rows]
  /** Of the rows of earlier passes over a growing tree, those that each row sees, by their place. */
  readonly pending?: readonly (readonly number[])[]; // [rows]
}

/** A block and as many new columns are added in order by one product. */
export const MOST_TREE_ROWS = BLOCK;

/** Whether a pass reads these rows as whole blocks of consecutive text, so that there may be any number. */
export const isChunk = ({ length, parents }: LaneRows): boolean =>
  parents.length > MOST_TREE_ROWS &&
  length % BLOCK === 0 &&
  parents.every((parent, row) => parent === row - 1);

/**
 * Feeds of `laneInputs` and of the cache for one pass: which rows and columns belong together, and who sees whom. The
 * lanes' rows follow each other in the pass. All lanes are trees of at most `MOST_TREE_ROWS` rows, or all are chunks.
 *
 * @param heads query heads
 * @param rows of the pass, padding included
 * @param pending columns between a lane's open block and its new ones
 */
export function laneFeeds(
  lanes: readonly LaneRows[],
  reading: CacheReading,
  { kvHeads, headDim }: CacheShape,
  heads: number,
  rows: number,
  pending = 0,
): Record<string, Tensor> {
  const group = heads / kvHeads;
  const chunks = lanes.some(isChunk);
  const tails = chunks ? chunkTails(lanes) : treeTails(lanes, reading);
  const width = chunks ? 0 : BLOCK;
  const longest = Math.max(...lanes.map(({ parents }) => parents.length));
  const r = Math.max(longest, group === 1 ? 2 : 1); // a product of one row runs another kernel
  const w = chunks ? BLOCK : longest;
  const before = width + pending;
  const [c, m] = [tails.length, before + w];

  const firsts = firstRows(lanes);
  const queries = lanes.map(({ parents }, lane) => {
    const row = (i: number) => (firsts[lane] as number) + Math.min(i, parents.length - 1);
    return headRows(kvHeads, group, r, heads + kvHeads, row);
  });
  const tailKeys = new Int32Array(c * kvHeads * w);
  const tailValues = new Int32Array(c * kvHeads * w);
  const bias = new Float32Array(c * r * m);
  for (const [at, { lane, block, from, to }] of tails.entries()) {
    // Filled up with a row of its own: of a neighbour's, weights of zero would hide all but NaN.
    const row = (i: number) => (firsts[lane] as number) + Math.max(0, Math.min(from + i, to - 1));
    const size = kvHeads * w;
    tailKeys.set(headRows(kvHeads, 1, w, heads + kvHeads, row, heads), at * size);
    tailValues.set(headRows(kvHeads, 1, w, kvHeads, row), at * size);
    if (block < 0) continue; // nobody's tail: it is read, and goes nowhere
    const seen = bias.subarray(at * r * m, (at + 1) * r * m);
    writeBias(seen, lanes[lane] as LaneRows, { block, from, to }, { width, before, m });
  }
  const counts = lanes.map(({ parents }) => parents.length);
  return Object.assign(sharedLaneFeeds(queries, tails, reading, { kvHeads, headDim }, width), {
    tail_keys: intTensor(tailKeys, [c, kvHeads, w]),
    tail_values: intTensor(tailValues, [c, kvHeads, w]),
    mixed_rows: intTensor(mixedRows(counts, rows, heads, r), [rows, heads]),
    bias: floatTensor(bias, [c, 1, r, m]),
  });
}

/** Row of the pass at which each lane begins. */
function firstRows(lanes: readonly LaneRows[]): number[] {
  let rows = 0;
  return lanes.map(({ parents }) => {
    const first = rows;
    rows += parents.length;
    return first;
  });
}

/** A lane's rows `from` to `to`, of which those in the tail's block count. */
interface Tail extends LaneTail {
  readonly from: number;
  readonly to: number;
}

/** One tail behind each open block that is read, and a second one for each lane that crosses into the next block. */
function treeTails(lanes: readonly LaneRows[], { opens, openOf }: CacheReading): Tail[] {
  const tails: Tail[] = Array.from({ length: opens }, () => ({
    lane: 0,
    block: -1,
    from: 0,
    to: 0,
  }));
  for (const [lane, { length, parents }] of lanes.entries()) {
    const block = Math.floor(length / BLOCK);
    const tail = { lane, block, from: 0, to: parents.length };
    tails[openOf[lane] as number] = tail;
    const deepest = Math.max(...depthsOf(parents));
    if (length + deepest >= (block + 1) * BLOCK) tails.push({ ...tail, block: block + 1 });
  }
  return tails;
}

/** One tail for each block that a chunk fills or begins. */
function chunkTails(lanes: readonly LaneRows[]): Tail[] {
  return lanes.flatMap(({ length, parents }, lane) =>
    Array.from({ length: Math.ceil(parents.length / BLOCK) }, (_, index) => ({
      lane,
      block: length / BLOCK + index,
      from: index * BLOCK,
      to: Math.min(parents.length, (index + 1) * BLOCK),
    })),
  );
}

/**
 * A tail's bias [r, m]: a row sees the committed columns of the tail's block, its ancestors' in it, and its own.
 * @param columns of the open block, those before the new ones, and all
 */
function writeBias(
  bias: Float32Array,
  { length, parents, pending }: LaneRows,
  { block, from, to }: Omit<Tail, 'lane'>,
  { width, before, m }: { width: number; before: number; m: number },
): void {
  const committed = width === 0 ? 0 : Math.max(0, length - block * BLOCK);
  const depths = depthsOf(parents);
  for (let row = 0; row < parents.length; row++) {
    const line = bias.subarray(row * m, (row + 1) * m).fill(HIDDEN);
    const parent = parents[row] as number;
    if (parent >= 0) line.set(bias.subarray(parent * m, (parent + 1) * m));
    else line.fill(0, 0, committed);
    for (const place of pending?.[row] ?? []) line[width + place] = 0;
    const position = length + (depths[row] as number);
    if (row >= from && row < to && Math.floor(position / BLOCK) === block) {
      line[before + row - from] = 0;
    }
  }
}

/** Rows below the committed text: 0 for those that follow it. */
function depthsOf(parents: Int32Array): Int32Array {
  const depths = new Int32Array(parents.length);
  for (const [row, parent] of parents.entries()) {
    if (parent >= 0) depths[row] = (depths[parent] as number) + 1;
  }
  return depths;
}
