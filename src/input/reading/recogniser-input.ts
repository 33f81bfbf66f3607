import type { RgbImage } from '../../contracts/image.ts';
import { floatTensor, type Tensor } from '../../contracts/session.ts';
import { resample } from '../resample.ts';

const HEIGHT = 48;
/** Narrower lines are filled up on the right. */
const NARROWEST = 320;
/** Longest line in the network's pixels, 80 times as long as high; a longer one is squeezed. */
const WIDEST = 3840;

/**
 * A level line as the recogniser reads it, channels from blue to red, -1 to 1, grey behind its end: x float32 [1, 3, 48, W],
 * of which it fills a share.
 */
export function recogniserInput(line: RgbImage): { x: Tensor; filled: number } {
  const scaled = Math.ceil((line.width * HEIGHT) / line.height);
  const inner = Math.min(Math.max(1, scaled), WIDEST);
  const width = Math.max(NARROWEST, inner);
  const { data } = resample(line, inner, HEIGHT, 'bicubic');
  const pixels = new Float32Array(3 * HEIGHT * width);
  for (let channel = 0; channel < 3; channel++) {
    for (let y = 0; y < HEIGHT; y++) {
      const to = (channel * HEIGHT + y) * width;
      const from = y * inner * 3 + 2 - channel;
      for (let x = 0; x < inner; x++) {
        pixels[to + x] = (data[from + x * 3] as number) / 127.5 - 1;
      }
    }
  }
  return { x: floatTensor(pixels, [1, 3, HEIGHT, width]), filled: inner / width };
}
