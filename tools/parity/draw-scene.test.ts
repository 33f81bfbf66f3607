import { describe, expect, it } from 'vitest';
import { drawScene, type SceneShape } from './draw-scene.ts';

const size = 200;
const draw = (...shapes: SceneShape[]) =>
  drawScene({ width: size, height: size, background: 'white', shapes });

/** Weight of the pixels that are not background, as a share of the picture: red on white, by the green channel. */
function covered(kind: SceneShape['kind']): number {
  const { data } = draw({ size: 'large', colour: 'red', kind, place: 'top left' });
  let sum = 0;
  for (let i = 1; i < data.length; i += 3) sum += (250 - (data[i] as number)) / (250 - 40);
  return sum / size ** 2;
}

describe('drawScene', () => {
  // Half the width is a fifth of the picture: areas as the formulas have them.
  it.each([
    ['circle', Math.PI],
    ['ring', Math.PI * (1 - 0.62 ** 2)],
    ['square', 1.72 ** 2],
    ['bar', 2 * 0.6],
    ['cross', 2 * 2 * 0.66 - 0.66 ** 2],
    ['diamond', 2 * 0.7],
    ['triangle', 1.87],
    ['star', 5 * 0.4 * Math.sin(Math.PI / 5)],
  ] as const)('covers the area of a %s', (kind, area) => {
    expect(Math.abs(covered(kind) / (area * 0.2 ** 2) - 1), 'relative error').toBeLessThan(0.01);
  });

  it('puts shapes where they were told to be', () => {
    const { data } = draw({ size: 'small', colour: 'blue', kind: 'circle', place: 'bottom left' });
    const at = (x: number, y: number) => [
      ...data.subarray((y * size + x) * 3, (y * size + x) * 3 + 3),
    ];
    expect(at(52, 148)).toEqual([38, 84, 200]);
    expect(at(148, 52)).toEqual([250, 250, 250]);
  });
});
