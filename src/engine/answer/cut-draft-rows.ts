import type { DraftRows } from '../../contracts/drafter.ts';
import type { AxisPositions } from '../../contracts/messages.ts';

/** The first `count` rows of consecutive pieces. */
export function cutDraftRows(pieces: readonly DraftRows[], count: number): DraftRows[] {
  const kept: DraftRows[] = [];
  let left = count;
  for (const piece of pieces) {
    if (left <= 0) break;
    kept.push(piece.next.length <= left ? piece : beginning(piece, left));
    left -= piece.next.length;
  }
  return kept;
}

function beginning({ next, from, at, visual, positions }: DraftRows, count: number): DraftRows {
  const cut = {
    next: next.slice(0, count),
    from,
    at: at.slice(0, count),
    ...(positions && { positions: cutPositions(positions, count) }),
  };
  const slots = visual?.slots.filter((slot) => slot < count);
  if (visual === undefined || slots === undefined || slots.length === 0) return cut;
  const data = visual.embeddings.data.slice(0, slots.length * visual.embeddings.width);
  const embeddings = { data, count: slots.length, width: visual.embeddings.width };
  return { ...cut, visual: { embeddings, slots } };
}

function cutPositions({ time, height, width }: AxisPositions, count: number): AxisPositions {
  return {
    time: time.slice(0, count),
    height: height.slice(0, count),
    width: width.slice(0, count),
  };
}
