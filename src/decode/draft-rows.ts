import type { DraftRows } from '../contracts/drafter.ts';
import type { AxisPositions } from '../contracts/messages.ts';
import type { RowsRef } from '../contracts/target.ts';
import type { Accepted } from './verify.ts';

/**
 * What a round teaches the draft: the target's features of the kept nodes, each with the token that follows it.
 *
 * @param position rotary position of the root
 */
export function draftRows(
  from: RowsRef,
  { path, tokens, bonus }: Accepted,
  position: number,
): DraftRows {
  return {
    next: Int32Array.of(...tokens, bonus),
    from,
    at: path,
    positions: wordPositions(path.length, position + 1),
    own: { positions: wordPositions(path.length, position) },
  };
}

/** Words stand one behind the other, on all axes alike. */
export function wordPositions(count: number, first: number): AxisPositions {
  return onAllAxes(Int32Array.from({ length: count }, (_, row) => first + row));
}

/** One position for all axes. */
export const onAllAxes = (positions: Int32Array): AxisPositions => ({
  time: positions,
  height: positions,
  width: positions,
});
