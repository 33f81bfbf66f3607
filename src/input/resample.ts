/**
 * Pillow's antialiased resize, bit for bit: one pass along the rows and one down the columns, each in 32-bit fixed point and
 * rounded to 8 bits. Every output pixel depends on the input alone, so a window of the result costs only that window.
 */
import type { RgbImage } from '../contracts/image.ts';
import { PRECISION_BITS, type ResampleFilter, resampleTaps, type Taps } from './resample-taps.ts';

/** A rectangle of pixels, from the top left corner. */
interface PixelWindow {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const HALF = 1 << (PRECISION_BITS - 1);

/** Resizes to width × height, each at least 1, with any aspect ratio; a side that keeps its size keeps its samples. */
export function resample(
  image: RgbImage,
  width: number,
  height: number,
  filter: ResampleFilter,
): RgbImage {
  return resampleWindow(image, width, height, filter, { left: 0, top: 0, width, height });
}

/** The pixels of `window` in what {@link resample} returns, without computing the others. */
export function resampleWindow(
  image: RgbImage,
  width: number,
  height: number,
  filter: ResampleFilter,
  window: PixelWindow,
): RgbImage {
  const size = { width: window.width, height: window.height };
  const keepsColumns = image.width === width && window.width === width;
  const keepsRows = image.height === height && window.height === height;
  if (keepsColumns && keepsRows) return image;

  const across = resampleTaps(image.width, width, filter, window.left, window.width);
  const down = resampleTaps(image.height, height, filter, window.top, window.height);
  if (keepsRows) return { ...size, data: resampleColumns(image, across, 0, height) };
  if (keepsColumns) return { ...size, data: resampleRows(image.data, width * 3, down, 0) };
  if (shrinksRowsFirst(image, width, height)) {
    const data = resampleRows(image.data, image.width * 3, down, 0);
    const flat = { width: image.width, height: window.height, data };
    return { ...size, data: resampleColumns(flat, across, 0, window.height) };
  }
  const last = window.height - 1;
  const top = down.starts[0] as number;
  const bottom = (down.starts[last] as number) + (down.counts[last] as number);
  const narrow = resampleColumns(image, across, top, bottom);
  return { ...size, data: resampleRows(narrow, window.width * 3, down, top) };
}

/**
 * Pillow's order since version 13: a picture that loses more than twice as many rows as columns has its rows resampled
 * first. Before, and for all others, the columns come first; a few values differ by the rounding between the passes.
 */
function shrinksRowsFirst(image: RgbImage, width: number, height: number): boolean {
  const lostRows = image.height - height;
  return lostRows > 0 && lostRows > 2 * (image.width - width);
}

/** Rows top … bottom − 1 of the image, each resampled along its length: [bottom − top, outputs, 3]. */
function resampleColumns(image: RgbImage, taps: Taps, top: number, bottom: number): Uint8Array {
  const { starts, counts, weights, stride } = taps;
  const source = image.data;
  const outputs = starts.length;
  const out = new Uint8ClampedArray((bottom - top) * outputs * 3);
  let o = 0;
  for (let y = top; y < bottom; y++) {
    const row = y * image.width;
    for (let x = 0; x < outputs; x++) {
      let red = HALF;
      let green = HALF;
      let blue = HALF;
      let p = (row + (starts[x] as number)) * 3;
      const first = x * stride;
      const end = first + (counts[x] as number);
      for (let k = first; k < end; k++, p += 3) {
        const w = weights[k] as number;
        red = (red + Math.imul(source[p] as number, w)) | 0;
        green = (green + Math.imul(source[p + 1] as number, w)) | 0;
        blue = (blue + Math.imul(source[p + 2] as number, w)) | 0;
      }
      out[o++] = red >> PRECISION_BITS;
      out[o++] = green >> PRECISION_BITS;
      out[o++] = blue >> PRECISION_BITS;
    }
  }
  return new Uint8Array(out.buffer);
}

/** Resamples down the columns of rows of `rowLength` values, the first of which is input row `top`: [outputs, rowLength]. */
function resampleRows(source: Uint8Array, rowLength: number, taps: Taps, top: number): Uint8Array {
  const { starts, counts, weights, stride } = taps;
  const outputs = starts.length;
  const out = new Uint8ClampedArray(outputs * rowLength);
  const sums = new Int32Array(rowLength);
  for (let y = 0; y < outputs; y++) {
    sums.fill(HALF);
    const start = (starts[y] as number) - top;
    const count = counts[y] as number;
    for (let t = 0; t < count; t++) {
      const w = weights[y * stride + t] as number;
      const row = (start + t) * rowLength;
      for (let i = 0; i < rowLength; i++) {
        sums[i] = (sums[i] as number) + Math.imul(source[row + i] as number, w);
      }
    }
    const row = y * rowLength;
    for (let i = 0; i < rowLength; i++) out[row + i] = (sums[i] as number) >> PRECISION_BITS;
  }
  return new Uint8Array(out.buffer);
}
