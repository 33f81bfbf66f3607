import { floatTensor, type Tensor } from '../contracts/session.ts';
import { BLOCK } from '../graph/blocks/block-attention.ts';
import type { CacheRows } from '../model/block-cache.ts';

/** Keys and values of the rows of a tree that grows, level behind level. They never enter the cache. */
export interface PendingRows {
  readonly count: number;
  /** Of one row after the other [kvHeads · headDim] */
  readonly keys: readonly Float32Array[];
  readonly values: readonly Float32Array[];
}

export const NO_PENDING: PendingRows = { count: 0, keys: [], values: [] };

/** With `n` more rows, those from `first` on of a pass over one layer. */
export function addPending(
  { count, keys, values }: PendingRows,
  columns: CacheRows,
  first: number,
  n: number,
): PendingRows {
  const width = columns.keys.length / columns.count;
  const rows = (data: Float32Array) =>
    Array.from({ length: n }, (_, i) =>
      data.subarray((first + i) * width, (first + i + 1) * width),
    );
  return {
    count: count + n,
    keys: [...keys, ...rows(columns.keys)],
    values: [...values, ...rows(columns.values)],
  };
}

/** Columns for the lane with most rows: a multiple of `BLOCK`, so that a level's own rows lie at few places. */
export const pendingColumns = (lanes: readonly PendingRows[]): number =>
  Math.ceil(Math.max(...lanes.map(({ count }) => count)) / BLOCK) * BLOCK;

/**
 * Feeds pending_keys_0 [tails, kvHeads, headDim, columns] and pending_values_0 [tails, kvHeads, columns, headDim].
 * @param openOf the tail of each lane
 */
export function pendingFeeds(
  lanes: readonly PendingRows[],
  columns: number,
  openOf: readonly number[],
  tails: number,
  { kvHeads, headDim }: { readonly kvHeads: number; readonly headDim: number },
): Record<string, Tensor> {
  const width = kvHeads * headDim;
  const keys = new Float32Array(tails * width * columns);
  const values = new Float32Array(tails * width * columns);
  for (const [lane, pending] of lanes.entries()) {
    const tail = openOf[lane] as number;
    for (let row = 0; row < pending.count; row++) {
      const [key, value] = [pending.keys[row], pending.values[row]] as Float32Array[];
      for (let line = 0; line < width; line++) {
        keys[(tail * width + line) * columns + row] = key?.[line] as number;
      }
      for (let head = 0; head < kvHeads; head++) {
        const at = ((tail * kvHeads + head) * columns + row) * headDim;
        values.set((value as Float32Array).subarray(head * headDim, (head + 1) * headDim), at);
      }
    }
  }
  return {
    pending_keys_0: floatTensor(keys, [tails, kvHeads, headDim, columns]),
    pending_values_0: floatTensor(values, [tails, kvHeads, columns, headDim]),
  };
}
