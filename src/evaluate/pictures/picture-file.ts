import sharp from 'sharp';
import type { RgbImage } from '../../contracts/image.ts';

/** Pixels as a PNG file. */
export async function pictureFile({ width, height, data }: RgbImage): Promise<Uint8Array> {
  const raw = { width, height, channels: 3 } as const;
  return new Uint8Array(await sharp(data, { raw }).png().toBuffer());
}
