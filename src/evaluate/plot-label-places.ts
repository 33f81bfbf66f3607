/**
 * Heights for labels that would like to stand at `wanted` and must not overlap: labels that meet form a block around
 * the mean of what they want, as in isotonic regression (pool adjacent violators).
 *
 * @param gap least distance between two labels
 * @returns in the order of `wanted`; beyond `high` only if they don't fit between the bounds
 */
export function plotLabelPlaces(
  wanted: readonly number[],
  gap: number,
  low: number,
  high: number,
): number[] {
  const order = wanted.map((_, index) => index).toSorted((a, b) => at(wanted, a) - at(wanted, b));
  const blocks: { start: number; count: number }[] = [];
  for (const index of order) {
    let block = { start: at(wanted, index), count: 1 };
    for (let above = blocks.at(-1); above !== undefined; above = blocks.at(-1)) {
      if (above.start + above.count * gap <= block.start) break;
      blocks.pop();
      const count = above.count + block.count;
      const start =
        (above.start * above.count + (block.start - above.count * gap) * block.count) / count;
      block = { start, count };
    }
    blocks.push(block);
  }
  const sorted = blocks.flatMap(({ start, count }) =>
    Array.from({ length: count }, (_, n) => start + n * gap),
  );
  const last = sorted.length - 1;
  for (let n = last, limit = high; n >= 0; n--, limit -= gap) {
    sorted[n] = Math.min(at(sorted, n), limit);
  }
  for (let n = 0, limit = low; n <= last; n++, limit += gap) {
    sorted[n] = Math.max(at(sorted, n), limit);
  }
  const places = new Array<number>(wanted.length);
  order.forEach((index, n) => {
    places[index] = at(sorted, n);
  });
  return places;
}

function at(values: readonly number[], index: number): number {
  return values[index] as number;
}
