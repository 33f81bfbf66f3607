import type { DraftRows } from '../../contracts/drafter.ts';
import type { Rows } from '../../contracts/rows.ts';
import type { RowsRef, Target } from '../../contracts/target.ts';

/** Features of passes that never were. */
const held = new WeakMap<RowsRef, Rows>();

/** The next tokens with these features, which stand apart in their pass: the rows between are nobody's. */
export function heldRows(next: Int32Array, features: Rows): DraftRows {
  const { data, count, width } = features;
  const apart = new Float32Array(2 * count * width).fill(Number.NaN);
  for (let row = 0; row < count; row++) {
    apart.set(data.subarray(row * width, (row + 1) * width), (2 * row + 1) * width);
  }
  const all = { data: apart, count: 2 * count, width };
  const from = { count: all.count };
  held.set(from, all);
  return { next, from, at: Int32Array.from({ length: count }, (_, row) => 2 * row + 1) };
}

/** Reads the features of held rows. */
export const readHeld: Target['read'] = async (rows, at) => {
  const features = held.get(rows) as Rows;
  if (at === undefined) return features;
  const { data, width } = features;
  const chosen = Array.from(at, (row) => [...data.subarray(row * width, (row + 1) * width)]);
  return { data: Float32Array.from(chosen.flat()), count: at.length, width };
};
