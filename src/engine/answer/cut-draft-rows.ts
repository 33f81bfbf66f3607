import type { DraftRows } from '../../contracts/drafter.ts';
import { cutTokens } from '../../model/cut-tokens.ts';

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

function beginning(rows: DraftRows, count: number): DraftRows {
  const { next, from, at, own } = rows;
  return {
    next: next.slice(0, count),
    from,
    at: at.slice(0, count),
    ...cutTokens(rows, 0, count),
    ...(own && { own: cutTokens(own, 0, count) }),
  };
}
