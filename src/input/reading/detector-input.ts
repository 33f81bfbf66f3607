/**
 * A picture as the detector reads it. The network takes sides that are multiples of 32, so edges go on to the right and below;
 * channels from blue to red, and ImageNet's mean and spread in the order red to blue all the same: so it was trained.
 */
import type { RgbImage } from '../../contracts/image.ts';
import { floatTensor, type Tensor } from '../../contracts/session.ts';
import { normalizedValues } from '../normalized-values.ts';
import { resample } from '../resample.ts';

/** What sides of the network's input are multiples of. */
const STEP = 32;
/** Longest side in pixels; a larger picture is made smaller. */
const LONGEST = 960;

const PIXELS = { rescale: 1 / 255, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };

/** `x` float32 [1, 3, H, W], and how many of the picture's pixels go to one of it, along each axis. */
export function detectorInput(image: RgbImage): { x: Tensor; scale: { x: number; y: number } } {
  const shrink = Math.min(1, LONGEST / Math.max(image.width, image.height));
  const inner = (side: number) => Math.max(1, Math.round(side * shrink));
  const { width, height, data } = resample(
    ...([image, inner(image.width), inner(image.height), 'bicubic'] as const),
  );
  const outer = (side: number) => STEP * Math.ceil(side / STEP);
  const [columns, rows] = [outer(width), outer(height)];
  const pixels = new Float32Array(3 * rows * columns);
  for (let channel = 0; channel < 3; channel++) {
    const value = normalizedValues(channel, PIXELS);
    let to = channel * rows * columns;
    for (let y = 0; y < rows; y++) {
      const row = Math.min(y, height - 1) * width;
      for (let x = 0; x < columns; x++) {
        const from = (row + Math.min(x, width - 1)) * 3 + 2 - channel;
        pixels[to++] = value[data[from] as number] as number;
      }
    }
  }
  return {
    x: floatTensor(pixels, [1, 3, rows, columns]),
    scale: { x: image.width / width, y: image.height / height },
  };
}
