import { expect, it } from 'vitest';
import { type Drawn, drawnView, PLAIN_VIEW, renderView } from './views.ts';

/** Left half red, right half transparent. */
const HALF: Drawn = {
  side: 4,
  rgba: Uint8Array.from({ length: 64 }, (_, at) => {
    const left = Math.floor(at / 4) % 4 < 2;
    return at % 4 === 0 || at % 4 === 3 ? (left ? 255 : 0) : 0;
  }),
};
const colourAt = (pixels: Float32Array, x: number, y: number) =>
  [0, 1, 2].map((c) => 128 * (pixels[(c * 4 + y) * 4 + x] as number) + 127);

it('shows a picture as it is, whole, on white', () => {
  const pixels = renderView(HALF, PLAIN_VIEW, 4, 0);
  expect(colourAt(pixels, 0, 0)).toEqual([255, 0, 0]);
  expect(colourAt(pixels, 3, 2)).toEqual([255, 255, 255]);
});

it('changes left and right where it is asked to', () => {
  const pixels = renderView(HALF, { ...PLAIN_VIEW, mirrored: true }, 4, 0);
  expect(colourAt(pixels, 0, 0)).toEqual([255, 255, 255]);
  expect(colourAt(pixels, 3, 0)).toEqual([255, 0, 0]);
});

it('takes all colour away where there is no saturation', () => {
  const [red, green, blue] = colourAt(
    renderView(HALF, { ...PLAIN_VIEW, saturation: 0 }, 4, 0),
    0,
    0,
  );
  expect(red).toBe(85);
  expect([green, blue]).toEqual([85, 85]);
});

it('never mirrors flags, nor turns their colours far', () => {
  const views = Array.from({ length: 100 }, (_, seed) => drawnView(seed, 'flag'));
  expect(views.some(({ mirrored }) => mirrored)).toBe(false);
  expect(Math.max(...views.map(({ hue }) => Math.abs(hue)))).toBeLessThan(0.08);
});

it('draws the same view of the same seed', () => {
  expect(drawnView(5, 'concept')).toEqual(drawnView(5, 'concept'));
  expect(drawnView(5, 'concept')).not.toEqual(drawnView(6, 'concept'));
});
