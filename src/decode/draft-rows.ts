import type { DraftRows } from '../contracts/drafter.ts';
import { NonFiniteFeatureError } from '../contracts/errors.ts';
import type { AxisPositions } from '../contracts/messages.ts';
import type { Forward } from '../contracts/target.ts';
import { joinFloats, joinVisualRows } from './join-visual-rows.ts';
import type { Accepted } from './verify.ts';

/**
 * What a round teaches the draft: the target's features of the kept nodes, each with the token that follows it.
 *
 * @param position rotary position of the root
 * @throws NonFiniteFeatureError if a kept feature is NaN or infinite
 */
export function draftRows(
  { features }: Forward,
  { path, tokens, bonus }: Accepted,
  position: number,
): DraftRows {
  const { width } = features;
  const data = new Float32Array(path.length * width); // [a + 1, H]
  path.forEach((node, row) => {
    data.set(features.data.subarray(node * width, (node + 1) * width), row * width);
  });
  const broken = data.findIndex((value) => !Number.isFinite(value));
  if (broken >= 0) {
    throw new NonFiniteFeatureError(
      `A feature of the target is ${data[broken]}; check the target checkpoint or load it in another precision.`,
    );
  }
  return {
    next: Int32Array.of(...tokens, bonus),
    features: { data, count: path.length, width },
    positions: wordPositions(path.length, position + 1),
  };
}

/** Consecutive pieces as one, so that the draft reads them in one pass. */
export function joinDraftRows(pieces: readonly DraftRows[]): DraftRows {
  const [first] = pieces;
  if (first !== undefined && pieces.length === 1) return first;
  const width = first?.features.width ?? 0;
  const next = Int32Array.from(pieces.flatMap((piece) => [...piece.next]));
  const data = joinFloats(pieces.map(({ features }) => features.data));
  const visual = joinVisualRows(
    pieces.map((piece) => ({ rows: piece.next.length, visual: piece.visual })),
  );
  const positions = joinPositions(pieces);
  return {
    next,
    features: { data, count: next.length, width },
    ...(visual && { visual }),
    ...(positions && { positions }),
  };
}

/** Words stand one behind the other, on all axes alike. */
export function wordPositions(count: number, first: number): AxisPositions {
  const time = Int32Array.from({ length: count }, (_, row) => first + row);
  return { time, height: time, width: time };
}

/** Those of all pieces, or of none. */
function joinPositions(pieces: readonly DraftRows[]): AxisPositions | undefined {
  const axes = pieces.flatMap(({ positions }) => positions ?? []);
  if (axes.length < pieces.length) return undefined;
  const join = (axis: keyof AxisPositions) =>
    Int32Array.from(axes.flatMap((positions) => [...positions[axis]]));
  return { time: join('time'), height: join('height'), width: join('width') };
}
