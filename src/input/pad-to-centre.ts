import type { RgbImage } from '../contracts/image.ts';

const BLACK = [0, 0, 0] as const;

/**
 * A picture in the middle of a larger one of one colour; of an odd rest the larger half goes right and below.
 * @param colour RGB, 8-bit. Default: black
 */
export function padToCentre(
  image: RgbImage,
  width: number,
  height: number,
  colour: readonly number[] = BLACK, // [3]
): RgbImage {
  const left = Math.floor((width - image.width) / 2);
  const top = Math.floor((height - image.height) / 2);
  const data = new Uint8Array(width * height * 3);
  const [red = 0, green, blue] = colour;
  if (red === green && green === blue) data.fill(red);
  else {
    for (let i = 0; i < data.length; i++) data[i] = colour[i % 3] as number;
  }
  for (let y = 0; y < image.height; y++) {
    const row = image.data.subarray(y * image.width * 3, (y + 1) * image.width * 3);
    data.set(row, ((top + y) * width + left) * 3);
  }
  return { width, height, data };
}
