import type { RgbImage } from '../../contracts/image.ts';
import type { Box, Point } from '../../contracts/reading.ts';

/** Boxes so many times as high as wide hold text that runs down or up. */
const UPRIGHT = 1.5;

/**
 * The pixels of a box, made level: the box's sides become those of a rectangle by one perspective map. Text of an upright
 * box is turned to run rightwards.
 * @param runs which way an upright box is written: titles of axes mostly upwards
 */
export function cutLine(image: RgbImage, box: Box, runs: 'down' | 'up' = 'down'): RgbImage {
  const [topLeft, topRight, bottomRight, bottomLeft] = box;
  const { width, height } = sides(box);
  if (!isUpright(box)) return levelled(image, box, width, height);
  const turned: Box =
    runs === 'down'
      ? [topRight, bottomRight, bottomLeft, topLeft]
      : [bottomLeft, topLeft, topRight, bottomRight];
  return levelled(image, turned, height, width);
}

/** Whether the text of a box runs down or up. */
export function isUpright(box: Box): boolean {
  const { width, height } = sides(box);
  return height / width >= UPRIGHT;
}

const sides = ([topLeft, topRight, bottomRight, bottomLeft]: Box) => ({
  width: longer(distance(topLeft, topRight), distance(bottomLeft, bottomRight)),
  height: longer(distance(topLeft, bottomLeft), distance(topRight, bottomRight)),
});

const distance = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y);
const longer = (a: number, b: number) => Math.max(1, Math.floor(Math.max(a, b)));

function levelled(image: RgbImage, box: Box, width: number, height: number): RgbImage {
  const place = fromUnitSquare(box);
  const data = new Uint8ClampedArray(width * height * 3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      const from = place(x / width, y / height);
      sampleCubic(image, from.x, from.y, data, at);
    }
  }
  return { width, height, data: new Uint8Array(data.buffer) };
}

/** The perspective map from the unit square to a quadrilateral (Heckbert 1989). */
function fromUnitSquare([a, b, c, d]: Box): (u: number, v: number) => Point {
  const sum = { x: a.x - b.x + c.x - d.x, y: a.y - b.y + c.y - d.y };
  const right = { x: b.x - c.x, y: b.y - c.y };
  const down = { x: d.x - c.x, y: d.y - c.y };
  const area = right.x * down.y - down.x * right.y;
  const g = area === 0 ? 0 : (sum.x * down.y - down.x * sum.y) / area;
  const h = area === 0 ? 0 : (right.x * sum.y - sum.x * right.y) / area;
  const across = { x: b.x - a.x + g * b.x, y: b.y - a.y + g * b.y };
  const along = { x: d.x - a.x + h * d.x, y: d.y - a.y + h * d.y };
  return (u, v) => {
    const depth = g * u + h * v + 1;
    return {
      x: (across.x * u + along.x * v + a.x) / depth,
      y: (across.y * u + along.y * v + a.y) / depth,
    };
  };
}

/** Parts of a pixel that places are rounded to. */
const PARTS = 64;

/** Writes the colour between pixels, by cubic convolution; beyond the picture its edge goes on. */
function sampleCubic(
  { data, width, height }: RgbImage,
  x: number,
  y: number,
  out: Uint8ClampedArray,
  at: number,
): void {
  const [column, row] = [Math.round(x * PARTS), Math.round(y * PARTS)];
  const [left, top] = [Math.floor(column / PARTS), Math.floor(row / PARTS)];
  const across = (column - left * PARTS) * 4;
  const down = (row - top * PARTS) * 4;
  let [red, green, blue] = [0, 0, 0];
  for (let j = 0; j < 4; j++) {
    const high = CUBIC[down + j] as number;
    if (high === 0) continue; // a level box has three rows of these
    const line = Math.min(Math.max(top + j - 1, 0), height - 1) * width;
    for (let i = 0; i < 4; i++) {
      const weight = high * (CUBIC[across + i] as number);
      if (weight === 0) continue;
      const from = (line + Math.min(Math.max(left + i - 1, 0), width - 1)) * 3;
      red += weight * (data[from] as number);
      green += weight * (data[from + 1] as number);
      blue += weight * (data[from + 2] as number);
    }
  }
  out[at] = red;
  out[at + 1] = green;
  out[at + 2] = blue;
}

/** Of the four pixels around each part: Keys's convolution with a = -0.75, as OpenCV has it. */
const CUBIC = Float32Array.from({ length: PARTS * 4 }, (_, index) => {
  const a = -0.75;
  const d = Math.abs(Math.floor(index / 4) / PARTS + 1 - (index % 4));
  if (d <= 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
  return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
});
