import { describe, expect, it } from 'vitest';
import type { Box } from '../../contracts/reading.ts';
import { cutLine } from './cut-line.ts';

const WIDTH = 60;
const HEIGHT = 40;

/** Red grows to the right, green downwards: a colour says where it was. */
const image = {
  width: WIDTH,
  height: HEIGHT,
  data: Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % WIDTH, Math.floor(i / 3 / WIDTH)];
    return [x * 4, y * 4, 0][i % 3] as number;
  }),
};

const box = (...corners: readonly (readonly [number, number])[]) =>
  corners.map(([x, y]) => ({ x, y })) as unknown as Box;

const placeAt = (cut: ReturnType<typeof cutLine>, x: number, y: number) =>
  [...cut.data.subarray((y * cut.width + x) * 3)].slice(0, 2).map((value) => value / 4);

describe('cutLine', () => {
  it('takes the very pixels of a level box', () => {
    const cut = cutLine(image, box([10, 5], [30, 5], [30, 15], [10, 15]));
    expect([cut.width, cut.height]).toEqual([20, 10]);
    expect(placeAt(cut, 0, 0)).toEqual([10, 5]);
    expect(placeAt(cut, 19, 9)).toEqual([29, 14]);
  });

  it('makes a slanted box level', () => {
    const cut = cutLine(image, box([10, 10], [40, 20], [37, 29], [7, 19]));
    expect([cut.width, cut.height]).toEqual([31, 9]);
    const [x, y] = placeAt(cut, 16, 4) as [number, number];
    expect(x).toBeCloseTo(10 + (16 / 31) * 30 - (4 / 9) * 3, 0);
    expect(y).toBeCloseTo(10 + (16 / 31) * 10 + (4 / 9) * 9, 0);
  });

  it('follows sides that run together', () => {
    const cut = cutLine(image, box([10, 5], [40, 10], [40, 20], [10, 35]));
    const [, top] = placeAt(cut, 0, 0) as [number, number];
    const [right, low] = placeAt(cut, cut.width - 1, cut.height - 1) as [number, number];
    expect(top).toBe(5);
    expect(right).toBeGreaterThan(37);
    expect(low).toBeLessThan(22);
  });

  it('turns text that runs downwards', () => {
    const cut = cutLine(image, box([20, 5], [28, 5], [28, 35], [20, 35]));
    expect([cut.width, cut.height]).toEqual([30, 8]);
    expect(placeAt(cut, 0, 7)[1]).toBeCloseTo(5, 0);
    expect(placeAt(cut, 29, 7)[1]).toBeCloseTo(34, 0);
  });

  it('turns text that runs upwards the other way', () => {
    const cut = cutLine(image, box([20, 5], [28, 5], [28, 35], [20, 35]), 'up');
    expect([cut.width, cut.height]).toEqual([30, 8]);
    expect(placeAt(cut, 0, 0)[1]).toBeCloseTo(35, 0);
    expect(placeAt(cut, 29, 0)[1]).toBeCloseTo(6, 0);
  });

  it('goes on with the edge of the picture', () => {
    const cut = cutLine(image, box([50, 30], [59, 30], [59, 39], [50, 39]));
    expect(placeAt(cut, 8, 8)).toEqual([58, 38]);
  });
});
