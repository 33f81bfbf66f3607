import type { PixelSettings } from '../contracts/image.ts';

/** What each 8-bit value of a channel becomes: rescaled in double, rounded to float32, then normalised in float32: [256]. */
export function normalizedValues(
  channel: number,
  config: Pick<PixelSettings, 'rescale' | 'mean' | 'std'>,
): Float32Array {
  const scale = config.rescale ?? 1;
  const mean = Math.fround(config.mean[channel] as number);
  const std = Math.fround(config.std[channel] as number);
  return Float32Array.from({ length: 256 }, (_, value) => {
    const centred = Math.fround(Math.fround(value * scale) - mean);
    return centred / std;
  });
}
