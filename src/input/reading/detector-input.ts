/**
 * A picture as the detector reads it. The network takes sides that are multiples of 32, channels from blue to red, and
 * ImageNet's mean and spread in the order red to blue all the same: so it was trained.
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

/** float32 [1, 3, H, W] */
export function detectorInput(image: RgbImage): Tensor {
  const { width, height } = detectorSize(image);
  const { data } = resample(image, width, height, 'bicubic');
  const count = width * height;
  const pixels = new Float32Array(3 * count);
  for (let channel = 0; channel < 3; channel++) {
    const value = normalizedValues(channel, PIXELS);
    const plane = channel * count;
    for (let i = 0; i < count; i++) {
      pixels[plane + i] = value[data[i * 3 + 2 - channel] as number] as number;
    }
  }
  return floatTensor(pixels, [1, 3, height, width]);
}

function detectorSize({ width, height }: Pick<RgbImage, 'width' | 'height'>) {
  const scale = Math.min(1, LONGEST / Math.max(width, height));
  const side = (pixels: number) => STEP * Math.max(1, Math.round((pixels * scale) / STEP));
  return { width: side(width), height: side(height) };
}
