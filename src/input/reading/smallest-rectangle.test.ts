import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { smallestRectangle } from './smallest-rectangle.ts';

const sides = ({ width, height }: { width: number; height: number }) =>
  [width, height].sort((a, b) => a - b);

describe('smallestRectangle', () => {
  it('finds a turned rectangle from its corners and points within', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }),
        fc.double({ min: 5, max: 50, noNaN: true }),
        fc.double({ min: 5, max: 50, noNaN: true }),
        (angle, width, height) => {
          const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
          const at = (u: number, v: number) => ({
            x: 100 + u * width * cos - v * height * sin,
            y: 80 + u * width * sin + v * height * cos,
          });
          const corners = [at(0, 0), at(1, 0), at(1, 1), at(0, 1)];
          const found = smallestRectangle([...corners, at(0.5, 0.5), at(0.2, 0.7)]);
          const [short, long] = sides({ width, height }) as [number, number];
          expect(sides(found)[0]).toBeCloseTo(short, 6);
          expect(sides(found)[1]).toBeCloseTo(long, 6);
          expect(found.centre.x).toBeCloseTo(at(0.5, 0.5).x, 6);
          expect(found.centre.y).toBeCloseTo(at(0.5, 0.5).y, 6);
        },
      ),
    );
  });

  it('is never larger than the level one', () => {
    const point = fc.record({
      x: fc.integer({ max: 40, min: 0 }),
      y: fc.integer({ max: 40, min: 0 }),
    });
    fc.assert(
      fc.property(fc.array(point, { minLength: 1, maxLength: 30 }), (points) => {
        const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
        const level = (Math.max(...xs) - Math.min(...xs)) * (Math.max(...ys) - Math.min(...ys));
        const { width, height } = smallestRectangle(points);
        expect(width * height).toBeLessThanOrEqual(level + 1e-9);
      }),
    );
  });
});
