/**
 * The order in which boxes are read: rows from the top, each from the left. A page that lies askew is set straight first,
 * by the direction of its long boxes. Columns of text beside each other are read across, as rows of a receipt must be.
 */
import type { Box, Point } from '../../contracts/reading.ts';

/** Boxes so many times as long as high tell the direction of a page. */
const LONG = 3;

/** Rows of boxes. */
export function readingOrder<T extends { readonly box: Box }>(items: readonly T[]): T[][] {
  const angle = pageAngle(items.map(({ box }) => box));
  const placed = items
    .map((item) => ({ item, ...straightened(item.box, angle) }))
    .sort((a, b) => a.y - b.y || a.x - b.x);
  const rows: (typeof placed)[] = [];
  for (const one of placed) {
    const row = rows.at(-1);
    const first = row?.[0];
    const sameRow = first && Math.abs(one.y - first.y) <= Math.min(one.height, first.height) / 2;
    if (sameRow) row?.push(one);
    else rows.push([one]);
  }
  return rows.map((row) => row.sort((a, b) => a.x - b.x).map(({ item }) => item));
}

/** The median direction of the long boxes, each counted by its length; level where there are none. */
function pageAngle(boxes: readonly Box[]): number {
  const long = boxes
    .map(([a, b, , d]) => ({
      angle: Math.atan2(b.y - a.y, b.x - a.x),
      length: far(a, b),
      high: far(a, d),
    }))
    .filter(({ length, high }) => length > LONG * high)
    .sort((a, b) => a.angle - b.angle);
  const half = long.reduce((sum, { length }) => sum + length, 0) / 2;
  let passed = 0;
  for (const { angle, length } of long) {
    passed += length;
    if (passed >= half) return angle;
  }
  return 0;
}

const far = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y);

/** Left end, middle and height of a box on the page set straight. */
function straightened([a, b, c, d]: Box, angle: number): { x: number; y: number; height: number } {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const along = [a, b, c, d].map(({ x, y }) => x * cos + y * sin);
  const across = [a, b, c, d].map(({ x, y }) => y * cos - x * sin);
  const [top, bottom] = [Math.min(...across), Math.max(...across)];
  return { x: Math.min(...along), y: (top + bottom) / 2, height: bottom - top };
}
