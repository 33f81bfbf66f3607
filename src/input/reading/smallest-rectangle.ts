import type { Point } from '../../contracts/reading.ts';

/** A rectangle that may be turned. */
export interface Rectangle {
  readonly centre: Point;
  /** Along the direction `angle`, in radians from the x axis, and across it. */
  readonly width: number;
  readonly height: number;
  readonly angle: number;
}

/**
 * The rectangle of least area around points, at least one. One side lies on a side of their convex hull, so each is tried
 * (Freeman and Shapira 1975).
 */
export function smallestRectangle(points: readonly Point[]): Rectangle {
  const hull = convexHull(points);
  let best = around(hull, 0);
  for (const [index, from] of hull.entries()) {
    const to = hull[(index + 1) % hull.length] as Point;
    const tried = around(hull, Math.atan2(to.y - from.y, to.x - from.x));
    if (tried.width * tried.height < best.width * best.height) best = tried;
  }
  return best;
}

/** The smallest rectangle with a side in a direction. */
function around(points: readonly Point[], angle: number): Rectangle {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { x, y } of points) {
    const along = x * cos + y * sin;
    const across = y * cos - x * sin;
    left = Math.min(left, along);
    right = Math.max(right, along);
    top = Math.min(top, across);
    bottom = Math.max(bottom, across);
  }
  const [along, across] = [(left + right) / 2, (top + bottom) / 2];
  const centre = { x: along * cos - across * sin, y: along * sin + across * cos };
  return { centre, width: right - left, height: bottom - top, angle };
}

/** Andrew's monotone chains; points on a side are left out. */
function convexHull(points: readonly Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y);
  if (sorted.length < 3) return sorted;
  const chain = (line: readonly Point[]): Point[] => {
    const kept: Point[] = [];
    for (const point of line) {
      while (kept.length > 1 && !turns(kept.at(-2) as Point, kept.at(-1) as Point, point)) {
        kept.pop();
      }
      kept.push(point);
    }
    return kept.slice(0, -1);
  };
  return [...chain(sorted), ...chain(sorted.reverse())];
}

const turns = (a: Point, b: Point, c: Point): boolean =>
  (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x) > 0;
