import { describe, expect, it } from 'vitest';
import { calibrate, lossOf, type Weighed } from './calibrate.ts';

const view = (likeness: number[], concept: number | undefined, classes: number): Weighed => ({
  ...{ likeness: Float32Array.from(likeness), concept, classes, weight: 1 },
});

describe('lossOf', () => {
  it.each([view([0.5, 0.25, -0.125], 1, 2), view([0.5, 0.25, -0.125], undefined, 2)])(
    'has the slopes that differences have',
    (one) => {
      const step = 1e-5;
      const { byScale, byOffset } = lossOf(one, 3, -1);
      const slope = (of: (by: number) => { value: number }) =>
        (of(step).value - of(-step).value) / (2 * step);
      expect(byScale).toBeCloseTo(
        slope((by) => lossOf(one, 3 + by, -1)),
        6,
      );
      expect(byOffset).toBeCloseTo(
        slope((by) => lossOf(one, 3, -1 + by)),
        6,
      );
    },
  );
});

it('sets drawings apart from photographs by how like they are to anything', () => {
  const drawings = Array.from({ length: 20 }, (_, at) => view([0.6, 0.1], 0, at % 3));
  const photographs = Array.from({ length: 20 }, (_, at) => view([0.2, 0.1], undefined, at % 3));
  const { scale, offset } = calibrate([...drawings, ...photographs]);
  const says = ({ likeness, classes }: Weighed) =>
    scale * Math.max(...likeness) + offset > classes ? 'drawing' : 'photograph';
  expect(new Set(drawings.map(says))).toEqual(new Set(['drawing']));
  expect(new Set(photographs.map(says))).toEqual(new Set(['photograph']));
});
