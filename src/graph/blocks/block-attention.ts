/**
 * Attention of many texts in one pass, where each row's bits depend on its own text alone. Columns are grouped into
 * blocks of a text by position, hidden columns weigh exactly zero, and a row's blocks are added in order of position:
 * so it makes no difference what else the pass holds, nor whether a column was cached or is new.
 */
import { GraphError } from '../../contracts/errors.ts';
import { formatShape } from '../dim.ts';
import { dimOf, fixedDim, type Value } from '../graph.ts';
import { add, div, exp, sub } from '../operators/elementwise.ts';
import { concat, gather, padLast, reshape, slice, transpose } from '../operators/layout.ts';
import { matmul } from '../operators/matrix.ts';
import { maxAlong, maxLast, sumAlong } from '../operators/reduce.ts';

/** Columns of a block. Inner axes of at most 128 are added in order: a block and as many new columns fit. */
export const BLOCK = 64;
/** Columns of ones behind a block's values: a product with them adds up the weights, in the order of the values. */
export const ONES = 16;

/** Committed keys and values of a layer: whole blocks of all texts, and the last, unfinished one of each. */
export interface BlockPast {
  readonly keys: Value; // [p, kvHeads, headDim, BLOCK]
  readonly values: Value; // [p, kvHeads, BLOCK, headDim + ONES]
  readonly openKeys: Value; // [c, kvHeads, headDim, o], o = BLOCK, or 0 where every text begins a block
  readonly openValues: Value; // [c, kvHeads, o, headDim + ONES]
  /** Of a growing tree, the rows of earlier passes. They stand behind the open block. */
  readonly pending?: {
    readonly keys: Value; // [c, kvHeads, headDim, q]
    readonly values: Value; // [c, kvHeads, q, headDim]
  };
}

/**
 * Which rows and columns belong together, shared by all layers. A text of the pass is a lane: its rows are padded to r,
 * one head after the other. New columns, w a lane at least, stand behind the lane's open block in c tails: a tree has
 * one, or two with other biases where it crosses into the next block; a chunk of whole blocks has one for each of them.
 * Rows are told by their heads' places in the tables of `NewHeads`: where one product gives queries and keys, among
 * n · (heads + kvHeads), and values among n · kvHeads.
 */
export interface LaneMap {
  /** The lane's queries beside each block, and beside each tail. */
  readonly blockQueries: Value; // int32 [p, kvHeads, group·r]
  readonly tailQueries: Value; // int32 [c, kvHeads, group·r]
  readonly tailKeys: Value; // int32 [c, kvHeads, w]
  readonly tailValues: Value; // int32 [c, kvHeads, w]
  readonly blockLane: Value; // int32 [p]
  readonly tailLane: Value; // int32 [c]
  /** Of the p blocks, the c tails and one that is none, those of each lane: first for maxima, then for sums. */
  readonly maxSlots: Value; // int32 [s, b], none stands for any of the lane's
  readonly sumSlots: Value; // int32 [s, b], in order of position
  readonly bias: Value; // [c, 1, group·r, o (+ q) + w]: 0 where a row sees a column of the tail's block, -inf elsewhere
  readonly nothing: Value; // zeros [1, kvHeads, group·r, headDim + ONES]
  /** Where each row's heads are among the lanes'. */
  readonly mixedRows: Value; // int32 [n, heads], places among b · kvHeads · group·r
}

/** The bias [c, 1, r, o+w] repeated for the `group` heads that share keys. Done once, used by every layer. */
export function sharedBias(bias: Value, group: number): Value {
  return concat(Array<Value>(group).fill(bias), 2);
}

/** New rows, their heads among each other. Queries and keys are turned, and each scaled by headDim^-1/4. */
export interface NewHeads {
  readonly queries: Value; // [rows · heads.., headDim]
  readonly keys: Value; // [rows · heads.., headDim]; may be the queries' own table
  readonly values: Value; // [rows · kvHeads, headDim]
}

/**
 * Queries and keys as one product gives them [n, (heads + kvHeads) · headDim], turned, and values
 * [n, kvHeads · headDim] → [n, heads · headDim]
 */
export function jointBlockAttention(
  queryKey: Value,
  value: Value,
  past: BlockPast,
  map: LaneMap,
): Value {
  const headDim = fixedDim(past.keys, 2);
  const heads = fixedDim(map.mixedRows, 1);
  const width = (heads + fixedDim(past.keys, 1)) * headDim;
  if (fixedDim(queryKey, 1) !== width) {
    throw new GraphError(
      `Attention: queries and keys ${formatShape(queryKey.shape)} are not ${width} wide, as ${heads} heads and the cache ${formatShape(past.keys.shape)} need.`,
    );
  }
  const turned = reshape(queryKey, ['n·heads', headDim]);
  const values = reshape(value, ['n·kvHeads', headDim]);
  return blockAttention({ queries: turned, keys: turned, values }, past, map);
}

/** → mixed [n, heads · headDim] of the rows that ask */
export function blockAttention(
  { queries, keys, values: unweighed }: NewHeads,
  past: BlockPast,
  map: LaneMap,
): Value {
  const headDim = fixedDim(past.keys, 2);
  const heads = fixedDim(map.mixedRows, 1);
  const values = padLast(unweighed, ONES, 1);

  const newKeys = transpose(gather(keys, map.tailKeys), [0, 1, 3, 2]); // [c, kvHeads, headDim, w]
  const newValues = gather(values, map.tailValues); // [c, kvHeads, w, headDim + ONES]
  const { pending } = past;
  const tailKeys = concat([past.openKeys, ...(pending ? [pending.keys] : []), newKeys], 3);
  const older = pending ? [padLast(pending.values, ONES, 1)] : [];
  const tailValues = concat([past.openValues, ...older, newValues], 2);

  const blockScores = matmul(gather(queries, map.blockQueries), past.keys); // [p, kvHeads, group·r, BLOCK]
  const tailScores = add(matmul(gather(queries, map.tailQueries), tailKeys), map.bias); // [c, kvHeads, group·r, o+w]
  const maxima = concat([maxLast(blockScores), maxLast(tailScores)], 0); // [p+c, kvHeads, group·r, 1]
  const largest = maxAlong(gather(maxima, map.maxSlots), 0); // [b, kvHeads, group·r, 1]

  const blockWeights = exp(sub(blockScores, gather(largest, map.blockLane)));
  const tailWeights = exp(sub(tailScores, gather(largest, map.tailLane)));
  const parts = concat(
    [matmul(blockWeights, past.values), matmul(tailWeights, tailValues), map.nothing],
    0,
  ); // [p+c+1, kvHeads, group·r, headDim + ONES]
  const sums = sumAlong(gather(parts, map.sumSlots), 0); // [b, kvHeads, group·r, headDim + ONES]
  const mixed = div(slice(sums, 3, 0, headDim), slice(sums, 3, headDim, headDim + 1));
  const rows = gather(reshape(mixed, ['b·heads·r', headDim]), map.mixedRows); // [n, heads, headDim]
  return reshape(rows, [dimOf(rows, 0), heads * headDim]);
}
