import { BLOCK } from '../graph/blocks/block-attention.ts';

/** Most rows of a step: a pass holds scores of rows × (committed + rows). */
export const MOST_ROWS = 512;
/** Rows of a product that ONNX Runtime gives to one kernel, at most. */
const KERNEL_ROWS = 128;

/**
 * Whether a row, or none, would be alone in its kernel: one row runs another than more do, with other last bits. In 4 bits,
 * without AVX-512, so does the last of 129.
 */
export const lacksCompany = (rows: number): boolean => rows === 0 || rows % KERNEL_ROWS === 1;

/** How many rows a pass of so many has, so that none is alone in its kernel. */
export function companionRows(rows: number): number {
  let all = rows;
  while (lacksCompany(all)) all += 1;
  return all;
}

/** Places of rows, and the first row's as company where one would be alone. */
export function inCompany(places: readonly number[]): Int32Array {
  const all = new Int32Array(companionRows(places.length));
  all.set(places);
  return all;
}

/**
 * How many of the next rows of a text a pass may read: up to a block wherever it begins, or whole blocks from a block's
 * border on.
 *
 * @param length committed columns
 * @param left rows that wait
 */
export function pieceRows(length: number, left: number, most = MOST_ROWS): number {
  if (left <= BLOCK && left <= most) return left;
  const within = length % BLOCK;
  if (within > 0) return Math.min(most, BLOCK - within);
  if (most < BLOCK) return most;
  return Math.min(left, most - (most % BLOCK));
}

/**
 * Which lanes share a pass: those of like many rows, as all are padded to the longest. Rows up to `SPARE` are wasted
 * anyway, as a pass of its own would cost more.
 *
 * @param rows of each lane
 * @returns places in `rows`, the shortest lanes first
 */
export function evenGroups(rows: readonly number[]): number[][] {
  const order = [...rows.keys()].sort((a, b) => (rows[a] as number) - (rows[b] as number));
  const groups: number[][] = [];
  let group: number[] = [];
  let sum = 0;
  for (const lane of order) {
    const n = rows[lane] as number;
    const kind = (count: number) => count > BLOCK;
    const like = group.length === 0 || kind(n) === kind(rows[group[0] as number] as number);
    if (group.length > 0 && (!like || standsApart(n, { lanes: group.length, rows: sum }))) {
      groups.push(group);
      group = [];
      sum = 0;
    }
    group.push(lane);
    sum += n;
  }
  if (group.length > 0) groups.push(group);
  return groups;
}

/** Whether a lane of so many rows begins a pass of its own: shorter ones beside it would be padded to its length, all too far. */
export function standsApart(
  rows: number,
  shorter: { readonly lanes: number; readonly rows: number },
): boolean {
  return (shorter.lanes + 1) * rows > 2 * (shorter.rows + rows) + SPARE;
}

const SPARE = 64;
