/**
 * Pictures for LLaVA 1.6, equal to Hugging Face's slow LlavaNextImageProcessor ("anyres"): the picture whole, as a
 * square, then the tiles of the best of some sizes that it is fitted into. The padding's patches are left out again, and
 * each row of patches is ended by an embedding of its own.
 */
import type { PictureReader, PixelSettings } from '../../contracts/image.ts';
import { intTensor } from '../../contracts/session.ts';
import { padToCentre } from '../../input/pad-to-centre.ts';
import { resample } from '../../input/resample.ts';
import { cutTiles, tilePixels } from '../../input/tiles.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

interface Tower {
  readonly imageSize: number;
  readonly patchSize: number;
}

export function llavaNextPictures(
  processor: PixelSettings,
  {
    imageTokenId,
    vision,
    pinpoints,
  }: {
    readonly imageTokenId: number;
    readonly vision: Tower;
    /** At least one. */
    readonly pinpoints: readonly Size[];
  },
): PictureReader {
  const side = vision.imageSize;
  return {
    layout(size) {
      const count = patchOrder(size, bestSize(size, pinpoints), vision).length;
      return { ids: Array<number>(count).fill(imageTokenId) };
    },
    feeds(image) {
      const best = bestSize(image, pinpoints);
      const fitted = fittedSize(image, best);
      const large = resample(image, fitted.width, fitted.height, processor.resample);
      const tiles = [
        resample(image, side, side, processor.resample),
        ...cutTiles(padToCentre(large, best.width, best.height), side),
      ];
      return {
        pixels: tilePixels(tiles, side, processor),
        order: intTensor(patchOrder(image, best, vision)),
      };
    },
  };
}

/** The size that keeps most of the picture's pixels, and of those the one that wastes least (`select_best_resolution`). */
function bestSize({ width, height }: Size, pinpoints: readonly Size[]): Size {
  let best = pinpoints[0] as Size;
  let [mostKept, leastWasted] = [0, Number.POSITIVE_INFINITY];
  for (const point of pinpoints) {
    const scale = Math.min(point.width / width, point.height / height);
    const scaled = Math.trunc(width * scale) * Math.trunc(height * scale);
    const kept = Math.min(scaled, width * height);
    const wasted = point.width * point.height - kept;
    if (kept > mostKept || (kept === mostKept && wasted < leastWasted)) {
      [best, mostKept, leastWasted] = [point, kept, wasted];
    }
  }
  return best;
}

/** The picture's size within another, its aspect kept (`get_patch_output_size`). */
function fittedSize({ width, height }: Size, within: Size): Size {
  const [across, down] = [within.width / width, within.height / height];
  return across < down
    ? { width: within.width, height: Math.min(Math.ceil(height * across), within.height) }
    : { width: Math.min(Math.ceil(width * down), within.width), height: within.height };
}

/**
 * Which patch stands at each place: those of the whole picture, then row by row those of the tiles that are not padding
 * alone (`unpad_image`), each row ended by the place after the last patch.
 */
function patchOrder(size: Size, best: Size, { imageSize, patchSize }: Tower): Int32Array {
  const side = imageSize / patchSize;
  const [columns, rows] = [best.width / imageSize, best.height / imageSize];
  const newline = side * side * (1 + columns * rows);
  const { top, left } = padding(size, { width: columns * side, height: rows * side });
  const order = Array.from({ length: side * side }, (_, patch) => patch);
  for (let y = top; y < rows * side - top; y++) {
    for (let x = left; x < columns * side - left; x++) {
      const tile = 1 + Math.floor(y / side) * columns + Math.floor(x / side);
      order.push((tile * side + (y % side)) * side + (x % side));
    }
    order.push(newline);
  }
  return Int32Array.from(order);
}

/** Rows or columns of patches on each of two sides that the picture, fitted into the grid, does not reach. */
function padding(picture: Size, grid: Size): { top: number; left: number } {
  if (picture.width / picture.height > grid.width / grid.height) {
    const height = wholePatches(picture.height * (grid.width / picture.width));
    return { top: Math.floor((grid.height - height) / 2), left: 0 };
  }
  const width = wholePatches(picture.width * (grid.height / picture.height));
  return { top: 0, left: Math.floor((grid.width - width) / 2) };
}

/** Rounded to 7 decimals first, so that an error in the last bit loses no patch. */
const wholePatches = (patches: number): number => Math.trunc(Number(patches.toFixed(7)));
