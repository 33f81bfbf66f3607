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
  const seen = new Uint8Array(width * height);
  const regions: Point[][] = [];
  const isText = (at: number) => (data[at] as number) > threshold;
  for (let at = 0; at < seen.length; at++) {
    if (seen[at] === 1 || !isText(at)) continue;
    const rows = new Map<number, { first: number; last: number }>();
    const waiting = [at];
    seen[at] = 1;
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [x, y] = [next % width, Math.floor(next / width)];
      const row = rows.get(y);
      if (row === undefined) rows.set(y, { first: x, last: x });
      else if (x < row.first) row.first = x;
      else if (x > row.last) row.last = x;
      for (let below = Math.max(0, y - 1); below <= Math.min(height - 1, y + 1); below++) {
        for (let right = Math.max(0, x - 1); right <= Math.min(width - 1, x + 1); right++) {
          const near = below * width + right;
          if (seen[near] === 1 || !isText(near)) continue;
          seen[near] = 1;
          waiting.push(near);
        }
      }
    }
    regions.push(
      [...rows].flatMap(([y, { first, last }]) => [
        { x: first, y },
        { x: last, y },
      ]),
    );
  }
  return regions;
}
