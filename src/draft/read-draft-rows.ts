import type { DraftRows, TokenRows } from '../contracts/drafter.ts';
import type { AxisPositions } from '../contracts/messages.ts';
import type { Rows } from '../contracts/rows.ts';
import type { Target } from '../contracts/target.ts';
import { cutTokens } from '../model/cut-tokens.ts';
import { joinFloats, joinInts, joinVisualRows } from '../model/join-rows.ts';

/** Rows that a draft reads, with their features. */
export interface ReadRows extends TokenRows {
  readonly next: Int32Array; // [n]
  readonly features: Rows; // [n, H]
  /** Of the tokens whose features these are. */
  readonly own: TokenRows;
}

/** Consecutive pieces as one, their features read from where they were computed. */
export async function readDraftRows(
  pieces: readonly DraftRows[],
  read: Target['read'],
): Promise<ReadRows> {
  const features = await Promise.all(pieces.map(({ from, at }) => read(from, at)));
  const next = joinInts(pieces.map((piece) => piece.next));
  const counts = pieces.map((piece) => piece.next.length);
  return {
    next,
    features: {
      data: joinFloats(features.map(({ data }) => data)),
      count: next.length,
      width: features[0]?.width ?? 0,
    },
    ...joinTokens(pieces, counts),
    own: joinTokens(
      pieces.map(({ own = {} }) => own),
      counts,
    ),
  };
}

/** Rows `from` to `to` of those. */
export function cutReadRows(rows: ReadRows, from: number, to: number): ReadRows {
  const { next, features, own } = rows;
  if (from === 0 && to === next.length) return rows;
  const data = features.data.subarray(from * features.width, to * features.width);
  return {
    next: next.subarray(from, to),
    features: { ...features, data, count: to - from },
    ...cutTokens(rows, from, to),
    own: cutTokens(own, from, to),
  };
}

/** @param counts rows of each piece */
function joinTokens(pieces: readonly TokenRows[], counts: readonly number[]): TokenRows {
  const visual = joinVisualRows(
    pieces.map((piece, at) => ({ rows: counts[at] as number, visual: piece.visual })),
  );
  const positions = joinPositions(pieces);
  return { ...(visual && { visual }), ...(positions && { positions }) };
}

/** Those of all pieces, or of none. */
function joinPositions(pieces: readonly TokenRows[]): AxisPositions | undefined {
  const axes = pieces.flatMap(({ positions }) => positions ?? []);
  if (axes.length < pieces.length) return undefined;
  const join = (axis: keyof AxisPositions) => joinInts(axes.map((positions) => positions[axis]));
  return { time: join('time'), height: join('height'), width: join('width') };
}
