/** Who stands where in attention over many texts: what `laneFeeds` and `slotLaneFeeds` have in common. */
import { floatTensor, intTensor, type Tensor } from '../contracts/session.ts';
import { ONES } from '../graph/blocks/block-attention.ts';
import type { CacheReading, CacheShape } from './block-cache.ts';

/** What hides a column: nothing of it survives the exponential. */
export const HIDDEN = -Infinity;

/** New columns that are added as one block. */
export interface LaneTail {
  readonly lane: number;
  /** Of the lane's text, counted by `BLOCK` columns; -1 for an open block in between that is nobody's. */
  readonly block: number;
}

/**
 * Feeds of a pass that say which block and which tail is whose, and the cache's.
 * @param queries places of each lane's query heads [kvHeads, group · r]
 * @param width of the open blocks that the graph is to see
 */
export function sharedLaneFeeds(
  queries: readonly Int32Array[],
  tails: readonly LaneTail[],
  reading: CacheReading,
  { kvHeads, headDim }: Pick<CacheShape, 'kvHeads' | 'headDim'>,
  width: Parameters<CacheReading['feeds']>[1],
): Record<string, Tensor> {
  const together = (queries[0] as Int32Array).length / kvHeads;
  const { laneOfBlock, ...slots } = slotFeeds(tails, reading, queries.length);
  const lanes = tails.map(({ lane }) => lane);
  const deep = headDim + ONES;
  const nothing = new Float32Array(kvHeads * together * deep);
  // Into what is there: V8 spreads objects whose names are computed a hundred times as slowly.
  return Object.assign(reading.feeds(tails.length, width), slots, {
    tail_queries: queriesOf(queries, lanes, [kvHeads, together]),
    tail_lane: intTensor(Int32Array.from(lanes)),
    block_queries: queriesOf(queries, [...laneOfBlock], [kvHeads, together]),
    block_lane: intTensor(laneOfBlock),
    nothing: floatTensor(nothing, [1, kvHeads, together, deep]),
  });
}

/**
 * Places of `count` rows' heads among those of all rows, head after head: [kvHeads, group · count]
 * @param all heads of a row
 * @param first the first of them that is meant
 */
export function headRows(
  kvHeads: number,
  group: number,
  count: number,
  all: number,
  row: (i: number) => number,
  first = 0,
): Int32Array {
  const places = new Int32Array(kvHeads * group * count);
  for (let head = 0, at = 0; head < kvHeads * group; head++) {
    for (let i = 0; i < count; i++, at++) places[at] = row(i) * all + first + head;
  }
  return places;
}

/** The queries of some lanes, one after the other: [lanes, kvHeads, group · r] */
function queriesOf(
  queries: readonly Int32Array[],
  lanes: readonly number[],
  shape: readonly [kvHeads: number, together: number],
): Tensor {
  const size = shape[0] * shape[1];
  const all = new Int32Array(lanes.length * size);
  for (const [at, lane] of lanes.entries()) all.set(queries[lane] as Int32Array, at * size);
  return intTensor(all, [lanes.length, ...shape]);
}

/**
 * Where the heads of each row of the pass are among the lanes': [rows, heads], places among b · heads · r
 * @param counts rows of each lane
 * @param rows of the pass, padding included
 */
export function mixedRows(
  counts: readonly number[],
  rows: number,
  heads: number,
  r: number,
): Int32Array {
  const places = new Int32Array(rows * heads);
  let at = 0;
  for (const [lane, count] of counts.entries()) {
    for (let row = 0; row < count; row++) {
      for (let head = 0; head < heads; head++) places[at++] = (lane * heads + head) * r + row;
    }
  }
  return places;
}

/** Which of the p blocks, the c tails and the one that is none are each lane's, in order of position: [s, b] */
function slotFeeds(
  tails: readonly LaneTail[],
  { blocks, blocksOf }: CacheReading,
  b: number,
): { laneOfBlock: Int32Array; max_slots: Tensor; sum_slots: Tensor } {
  const none = blocks + tails.length;
  const own = blocksOf.map((places, lane) => [
    ...places,
    ...tails
      .map((tail, index) => ({ ...tail, index }))
      .filter((tail) => tail.lane === lane && tail.block >= 0)
      .sort((a, z) => a.block - z.block)
      .map(({ index }) => blocks + index),
  ]);
  const s = Math.max(...own.map(({ length }) => length));
  const forSums = new Int32Array(s * b).fill(none);
  const forMaxima = new Int32Array(s * b);
  const laneOfBlock = new Int32Array(blocks);
  for (const [lane, slots] of own.entries()) {
    for (let i = 0; i < s; i++) {
      forMaxima[i * b + lane] = slots[i] ?? (slots.at(-1) as number);
      if (slots[i] !== undefined) forSums[i * b + lane] = slots[i] as number;
    }
    for (const place of blocksOf[lane] as readonly number[]) laneOfBlock[place] = lane;
  }
  return {
    laneOfBlock,
    max_slots: intTensor(forMaxima, [s, b]),
    sum_slots: intTensor(forSums, [s, b]),
  };
}
