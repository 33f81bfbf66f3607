/**
 * The length of `length` rows once those from `to` on are forgotten.
 * @throws RangeError if there are fewer than `to`.
 */
export function truncatedLength(length: number, to: number): number {
  if (to >= 0 && to <= length) return to;
  throw new RangeError(`${length} rows can't be cut to ${to}.`);
}
