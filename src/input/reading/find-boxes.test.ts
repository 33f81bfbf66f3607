import { describe, expect, it } from 'vitest';
import { findBoxes } from './find-boxes.ts';

const SIZE = { width: 120, height: 80 };
const SAME = { x: 1, y: 1 };

/** A map whose pixels are likely where `inside` says so. */
function mapOf(inside: (x: number, y: number) => boolean, likely = 0.9) {
  const data = new Float32Array(SIZE.width * SIZE.height);
  for (let i = 0; i < data.length; i++) {
    if (inside(i % SIZE.width, Math.floor(i / SIZE.width))) data[i] = likely;
  }
  return { ...SIZE, data };
}

const bar = (left: number, top: number) => (x: number, y: number) =>
  x >= left && x <= left + 60 && y >= top && y <= top + 6;

describe('findBoxes', () => {
  it('grows a bar on all sides by its area over its outline', () => {
    const [box, ...others] = findBoxes(mapOf(bar(20, 30)), SAME, SIZE);
    // 1.4 · 60 · 6 / (2 · 66) = 3.8
    expect(box).toEqual([
      { x: 16, y: 26 },
      { x: 84, y: 26 },
      { x: 84, y: 40 },
      { x: 16, y: 40 },
    ]);
    expect(others).toEqual([]);
  });

  it('keeps two bars apart, the upper first', () => {
    const both = (x: number, y: number) => bar(20, 10)(x, y) || bar(30, 50)(x, y);
    const tops = findBoxes(mapOf(both), SAME, SIZE).map(([corner]) => corner.y);
    expect(tops).toEqual([6, 46]);
  });

  it('begins the box of a slanted bar at its left end', () => {
    const slanted = (x: number, y: number) =>
      x >= 20 && x <= 90 && Math.abs(y - 30 - (x - 20) * 0.2) <= 3;
    const [[topLeft, topRight, , bottomLeft]] = findBoxes(mapOf(slanted), SAME, SIZE) as [
      ReturnType<typeof findBoxes>[number],
    ];
    expect((topRight.y - topLeft.y) / (topRight.x - topLeft.x)).toBeCloseTo(0.2, 1);
    expect(topLeft.x).toBeLessThan(topRight.x);
    expect(bottomLeft.y).toBeGreaterThan(topLeft.y);
  });

  it('leaves out specks, and what is unlikely on the whole', () => {
    expect(
      findBoxes(
        mapOf((x, y) => x < 2 && y < 40),
        SAME,
        SIZE,
      ),
    ).toEqual([]);
    expect(findBoxes(mapOf(bar(20, 30), 0.3), SAME, SIZE)).toEqual([]);
  });

  it("gives the picture's pixels, held within it", () => {
    const picture = { width: 240, height: 160 };
    const [box] = findBoxes(mapOf(bar(0, 30)), { x: 2, y: 2 }, picture);
    expect(box?.[0]).toEqual({ x: 0, y: 52 });
    expect(box?.[2]).toEqual({ x: 128, y: 80 });
  });
});
