import type { TokenRows } from '../contracts/drafter.ts';
import type { AxisPositions } from '../contracts/messages.ts';
import type { VisualRows } from '../contracts/rows.ts';

/** What is said of rows `from` to `to`, counted from `from`. Embeddings and positions are not copied. */
export function cutTokens({ visual, positions }: TokenRows, from: number, to: number): TokenRows {
  const seen = visual && cutVisual(visual, from, to);
  return {
    ...(seen && { visual: seen }),
    ...(positions && { positions: cutPositions(positions, from, to) }),
  };
}

function cutVisual(
  { embeddings, slots }: VisualRows,
  from: number,
  to: number,
): VisualRows | undefined {
  const begin = slots.findIndex((slot) => slot >= from);
  const end = slots.findLastIndex((slot) => slot < to) + 1;
  if (begin < 0 || begin >= end) return undefined;
  const count = end - begin;
  const { width, data } = embeddings;
  return {
    embeddings: { data: data.subarray(begin * width, end * width), count, width },
    slots: slots.subarray(begin, end).map((slot) => slot - from),
  };
}

const cutPositions = (
  { time, height, width }: AxisPositions,
  from: number,
  to: number,
): AxisPositions => ({
  time: time.subarray(from, to),
  height: height.subarray(from, to),
  width: width.subarray(from, to),
});
