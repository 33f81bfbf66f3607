import { describe, expect, it } from 'vitest';
import type { PreparedPrompt } from './read-prompt.ts';
import { visualRows } from './visual-rows.ts';

/** Text, a picture of 3, a picture of 2 beside it, text: embeddings tell picture and place. */
const PROMPT: PreparedPrompt = {
  text: '',
  ids: Int32Array.of(5, 1, 1, 1, 1, 1, 6, 7),
  spans: [
    { start: 1, length: 3, picture: 0, row: 0 },
    { start: 4, length: 2, picture: 1, row: 0 },
  ],
  pictures: [
    { digest: 'a', embeddings: { data: Float32Array.of(10, 11, 12), count: 3, width: 1 } },
    { digest: 'b', embeddings: { data: Float32Array.of(20, 21), count: 2, width: 1 } },
  ],
};

const rows = (from: number, to: number) => {
  const visual = visualRows(PROMPT, from, to);
  return visual && { slots: [...visual.slots], data: [...visual.embeddings.data] };
};

describe('visualRows', () => {
  it.each<[number, number, number[], number[]]>([
    [0, 8, [1, 2, 3, 4, 5], [10, 11, 12, 20, 21]],
    [1, 9, [0, 1, 2, 3, 4], [10, 11, 12, 20, 21]], // as the draft reads them, one further
    [2, 5, [0, 1, 2], [11, 12, 20]],
    [3, 4, [0], [12]],
    [5, 8, [0], [21]],
  ])('of positions %d to %d are those that lie within', (from, to, slots, data) => {
    expect(rows(from, to)).toEqual({ slots, data });
  });

  it.each([
    [0, 1],
    [6, 8],
  ])('are none where there is no picture (%d to %d)', (from, to) => {
    expect(rows(from, to)).toBeUndefined();
  });
});
