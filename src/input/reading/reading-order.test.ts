import { describe, expect, it } from 'vitest';
import type { Box, Point } from '../../contracts/reading.ts';
import { readingOrder } from './reading-order.ts';

/** A named box, on a page that is turned by some degrees around its corner. */
function item(name: string, left: number, top: number, width: number, turn = 0, height = 20) {
  const angle = (turn * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const place = (x: number, y: number): Point => ({ x: x * cos - y * sin, y: x * sin + y * cos });
  const box: Box = [
    place(left, top),
    place(left + width, top),
    place(left + width, top + height),
    place(left, top + height),
  ];
  return { name, box };
}

const names = (rows: ReturnType<typeof readingOrder<ReturnType<typeof item>>>) =>
  rows.map((row) => row.map(({ name }) => name));

describe('readingOrder', () => {
  it('reads rows from the top, each from the left', () => {
    const items = [
      item('price', 300, 2, 60),
      item('total', 0, 40, 80),
      item('milk', 0, 0, 70),
      item('sum', 300, 41, 60),
    ];
    expect(names(readingOrder(items))).toEqual([
      ['milk', 'price'],
      ['total', 'sum'],
    ]);
  });

  it.each([-15, -8, 8, 15])('finds the same rows on a page turned by %d degrees', (turn) => {
    const items = [
      item('price', 600, 0, 90, turn),
      item('milk', 0, 0, 200, turn),
      item('sum', 600, 30, 90, turn),
      item('total', 0, 30, 200, turn),
    ];
    expect(names(readingOrder(items))).toEqual([
      ['milk', 'price'],
      ['total', 'sum'],
    ]);
  });

  it('does not take a large heading for a row with the line below', () => {
    const items = [item('heading', 0, 0, 300, 0, 60), item('line', 0, 62, 300, 0, 20)];
    expect(names(readingOrder(items))).toEqual([['heading'], ['line']]);
  });

  it('gives nothing for nothing', () => {
    expect(readingOrder([])).toEqual([]);
  });
});
