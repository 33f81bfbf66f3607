import { expect, it } from 'vitest';
import { draftRows, wordPositions } from './draft-rows.ts';

it('pairs the rows of the kept nodes with the tokens that follow them, and tells where both stand', () => {
  const from = { count: 3 };
  const path = Int32Array.of(0, 2);
  const [own, axis] = [Int32Array.of(5, 6), Int32Array.of(6, 7)]; // the root stands at 5
  expect(draftRows(from, { path, tokens: Int32Array.of(8), bonus: 9 }, 5)).toEqual({
    next: Int32Array.of(8, 9),
    from,
    at: path,
    positions: { time: axis, height: axis, width: axis },
    own: { positions: { time: own, height: own, width: own } },
  });
});

it('puts words one behind the other on every axis', () => {
  const line = Int32Array.of(4, 5, 6);
  expect(wordPositions(3, 4)).toEqual({ time: line, height: line, width: line });
});
