import type { DraftPositions } from '../contracts/load.ts';
import type { AxisPositions } from '../contracts/messages.ts';
import { consecutive } from '../model/consecutive.ts';
import { createTextPositions, highestPositions } from '../model/text-positions.ts';

/** Rows that are to be placed: their next tokens, and where the target has those. */
interface Placed {
  readonly next: Int32Array; // [n]
  readonly positions?: AxisPositions;
}

/** Where the rows of one sequence stand in a draft. */
export interface RowPositions {
  /** Position of the row after the newest kept one: one beyond the highest so far, on any axis. */
  readonly next: number;
  /** Positions of the rows behind those that were kept [n]. */
  place(rows: Placed): AxisPositions;
  keep(axes: AxisPositions): void;
  truncate(length: number): void;
  copy(length: number): RowPositions;
}

/**
 * Row p of a draft reads x[p+1]. Published drafts stand at p whatever it reads. By M-RoPE a row stands one before its
 * token's place in the target, on every axis: in a text that is p too, and a picture keeps its rows and columns.
 */
export function createRowPositions(
  placing: DraftPositions,
  kept = createTextPositions(),
): RowPositions {
  return {
    get next() {
      return kept.next;
    },
    place({ next: ids, positions }) {
      if (placing === 'mrope' && positions !== undefined) return oneBefore(positions);
      const time = consecutive(ids.length, kept.next);
      return { time, height: time, width: time };
    },
    keep: (axes) => kept.append(highestPositions(axes)),
    truncate: (length) => kept.truncate(length),
    copy: (length) => createRowPositions(placing, kept.copy(length)),
  };
}

const oneBefore = ({ time, height, width }: AxisPositions): AxisPositions => ({
  time: time.map((position) => position - 1),
  height: height.map((position) => position - 1),
  width: width.map((position) => position - 1),
});
