/** Pictures cut into tiles of one size, as the families read them that see more than one size at once. */
import type { PixelSettings, RgbImage } from '../contracts/image.ts';
import { floatTensor, type Tensor } from '../contracts/session.ts';
import { normalizedValues } from './normalized-values.ts';

/** The squares of a picture whose sides are multiples of `side`, row by row. */
export function cutTiles(image: RgbImage, side: number): RgbImage[] {
  const columns = image.width / side;
  const count = columns * (image.height / side);
  return Array.from({ length: count }, (_, tile) => {
    const [top, left] = [Math.floor(tile / columns) * side, (tile % columns) * side];
    const data = new Uint8Array(side * side * 3);
    for (let y = 0; y < side; y++) {
      const from = ((top + y) * image.width + left) * 3;
      data.set(image.data.subarray(from, from + side * 3), y * side * 3);
    }
    return { width: side, height: side, data };
  });
}

/** Normalised pixels of t tiles, channels first: [t, 3, side, side] */
export function tilePixels(tiles: readonly RgbImage[], side: number, how: PixelSettings): Tensor {
  const plane = side * side;
  const values = [0, 1, 2].map((channel) => normalizedValues(channel, how));
  const pixels = new Float32Array(tiles.length * 3 * plane);
  let at = 0;
  for (const { data } of tiles) {
    for (const [channel, value] of values.entries()) {
      for (let i = 0; i < plane; i++) {
        pixels[at++] = value[data[i * 3 + channel] as number] as number;
      }
    }
  }
  return floatTensor(pixels, [tiles.length, 3, side, side]);
}
