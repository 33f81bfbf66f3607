import { describe, expect, it } from 'vitest';
import { createRowPositions } from './row-positions.ts';

const axes = (time: number[], height: number[], width: number[]) => ({
  time: Int32Array.from(time),
  height: Int32Array.from(height),
  width: Int32Array.from(width),
});

/** A word, a picture of 2 × 2 at 1, a word behind it at 3: what the target has at each. */
const POSITIONS = axes([0, 1, 1, 1, 1, 3], [0, 1, 1, 2, 2, 3], [0, 1, 2, 1, 2, 3]);

/** Draft rows that read those tokens but the first, and the root at 4. */
const ROWS = {
  next: new Int32Array(6),
  positions: axes([1, 1, 1, 1, 3, 4], [1, 1, 2, 2, 3, 4], [1, 2, 1, 2, 3, 4]),
};

describe('where rows of a draft stand', () => {
  it('published: in one line, pictures or not', () => {
    const positions = createRowPositions('published');
    const line = [0, 1, 2, 3, 4, 5];
    expect(positions.place(ROWS)).toEqual(axes(line, line, line));
    positions.keep(positions.place(ROWS));
    expect(positions.next).toBe(6);
  });

  it('by M-RoPE: one before the token that they read, on each axis', () => {
    const positions = createRowPositions('mrope');
    const placed = positions.place(ROWS);
    for (const axis of ['time', 'height', 'width'] as const) {
      expect([...placed[axis]]).toEqual([...POSITIONS[axis].slice(1), 4].map((at) => at - 1));
    }
    positions.keep(placed);
    expect(positions.next, 'where the root stands in the target').toBe(4);
  });

  it('by M-RoPE: a text stands as published', () => {
    const time = [1, 2, 3];
    const text = { ...ROWS, next: new Int32Array(3), positions: axes(time, time, time) };
    const published = createRowPositions('published').place(text);
    expect(createRowPositions('mrope').place(text)).toEqual(published);
  });

  it('goes back to where it was when rows are forgotten', () => {
    const positions = createRowPositions('mrope');
    positions.keep(positions.place(ROWS));
    positions.truncate(4);
    expect(positions.next, 'behind the picture').toBe(2);
    positions.truncate(0);
    expect(positions.next).toBe(0);
  });
});
