import type { DraftRows } from '../contracts/drafter.ts';
import type { AxisPositions } from '../contracts/messages.ts';
import type { Rows, VisualRows } from '../contracts/rows.ts';
import type { Target } from '../contracts/target.ts';
import { joinFloats, joinInts, joinVisualRows } from '../model/join-rows.ts';

/** Rows that a draft reads, with their features. */
export interface ReadRows {
  readonly next: Int32Array; // [n]
  readonly features: Rows; // [n, H]
  readonly visual?: VisualRows;
  readonly positions?: AxisPositions; // [n] each
}

/** Consecutive pieces as one, their features read from where they were computed. */
export async function readDraftRows(
  pieces: readonly DraftRows[],
  read: Target['read'],
): Promise<ReadRows> {
  const features = await Promise.all(pieces.map(({ from, at }) => read(from, at)));
  const next = joinInts(pieces.map((piece) => piece.next));
  const visual = joinVisualRows(
    pieces.map((piece) => ({ rows: piece.next.length, visual: piece.visual })),
  );
  const positions = joinPositions(pieces);
  return {
    next,
    features: {
      data: joinFloats(features.map(({ data }) => data)),
      count: next.length,
      width: features[0]?.width ?? 0,
    },
    ...(visual && { visual }),
    ...(positions && { positions }),
  };
}

/** Rows `from` to `to` of those. */
export function cutReadRows(rows: ReadRows, from: number, to: number): ReadRows {
  const { next, features, visual, positions } = rows;
  if (from === 0 && to === next.length) return rows;
  const cut = (ints: Int32Array) => ints.subarray(from, to);
  const data = features.data.subarray(from * features.width, to * features.width);
  return {
    next: cut(next),
    features: { ...features, data, count: to - from },
    ...(visual && { visual: cutVisual(visual, from, to) }),
    ...(positions && {
      positions: {
        time: cut(positions.time),
        height: cut(positions.height),
        width: cut(positions.width),
      },
    }),
  };
}

function cutVisual({ embeddings, slots }: VisualRows, from: number, to: number): VisualRows {
  const first = slots.findIndex((slot) => slot >= from);
  const begin = first < 0 ? slots.length : first;
  const end = slots.findLastIndex((slot) => slot < to) + 1;
  const count = Math.max(0, end - begin);
  const { width, data } = embeddings;
  return {
    embeddings: { data: data.subarray(begin * width, (begin + count) * width), count, width },
    slots: slots.subarray(begin, begin + count).map((slot) => slot - from),
  };
}

/** Those of all pieces, or of none. */
function joinPositions(pieces: readonly DraftRows[]): AxisPositions | undefined {
  const axes = pieces.flatMap(({ positions }) => positions ?? []);
  if (axes.length < pieces.length) return undefined;
  const join = (axis: keyof AxisPositions) => joinInts(axes.map((positions) => positions[axis]));
  return { time: join('time'), height: join('height'), width: join('width') };
}
