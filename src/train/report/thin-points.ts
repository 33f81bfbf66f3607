import type { Point } from '../../evaluate/plot-lines.ts';

/** More points than pixels only make the file larger. */
const MOST_POINTS = 1000;

/** Consecutive points that thinPoints puts together so that at most MOST_POINTS stay. */
export function thinningWindow(count: number): number {
  return Math.max(1, Math.ceil(count / MOST_POINTS));
}

/**
 * Means of consecutive windows of points, each at its last point's x; the last window is of what is left over.
 * A value that is not finite is in no mean; a window of such values has no point.
 */
export function thinPoints(points: readonly Point[]): Point[] {
  const window = thinningWindow(points.length);
  const finite = ({ x, y }: Point) => Number.isFinite(x) && Number.isFinite(y);
  return Array.from({ length: Math.ceil(points.length / window) }, (_, n) =>
    points.slice(n * window, (n + 1) * window).filter(finite),
  ).flatMap((kept) => {
    const last = kept.at(-1);
    return last === undefined ? [] : [{ x: last.x, y: mean(kept.map(({ y }) => y)) }];
  });
}

/** Each point's mean with up to `radius` neighbours on either side; fewer at the ends. */
export function smoothPoints(points: readonly Point[], radius: number): Point[] {
  return points.map(({ x }, n) => ({
    x,
    y: mean(points.slice(Math.max(0, n - radius), n + radius + 1).map(({ y }) => y)),
  }));
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
