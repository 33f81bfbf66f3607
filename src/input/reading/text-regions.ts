import type { Point } from '../../contracts/reading.ts';

/** The detector's word on each pixel. */
export interface TextMap {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array; // [height, width], 0 to 1
}

/**
 * Regions of pixels above a threshold that touch by a side or a corner, the topmost first; each as the first and last pixel of
 * each of its rows, which have the region's convex hull.
 */
export function textRegions({ width, height, data }: TextMap, threshold: number): Point[][] {
  /** Of text that no region has yet, within a frame of none. */
  const isLeft = new Uint8Array((width + 2) * (height + 2));
  const stride = width + 2;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      if ((data[at] as number) > threshold) isLeft[(y + 1) * stride + x + 1] = 1;
    }
  }
  const around = [-stride - 1, -stride, -stride + 1, -1, 1, stride - 1, stride, stride + 1];
  const regions: Point[][] = [];
  for (let start = isLeft.indexOf(1); start >= 0; start = isLeft.indexOf(1, start + 1)) {
    const rows = new Map<number, { first: number; last: number }>();
    const waiting = [start];
    isLeft[start] = 0;
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      extend(rows, at % stride, Math.floor(at / stride));
      for (const step of around) {
        if (isLeft[at + step] !== 1) continue;
        isLeft[at + step] = 0;
        waiting.push(at + step);
      }
    }
    regions.push(
      [...rows].flatMap(([y, { first, last }]) => [
        { x: first - 1, y: y - 1 },
        { x: last - 1, y: y - 1 },
      ]),
    );
  }
  return regions;
}

function extend(rows: Map<number, { first: number; last: number }>, x: number, y: number): void {
  const row = rows.get(y);
  if (row === undefined) rows.set(y, { first: x, last: x });
  else if (x < row.first) row.first = x;
  else if (x > row.last) row.last = x;
}
