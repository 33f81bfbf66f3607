import { ImageError } from '../../contracts/errors.ts';
import type { ImageSource, RgbImage } from '../../contracts/image.ts';
import { xmpOrientation } from './decode-image.ts';
import { gifFirstFrame } from './gif-first-frame.ts';
import { pictureFormat } from './picture-format.ts';
import { readPicture } from './read-picture.ts';

type Size = Pick<RgbImage, 'width' | 'height'>;

/**
 * The size that a picture has once it is decoded, from its header alone.
 * @throws ImageError where it has none
 */
export async function pictureSize(source: ImageSource): Promise<Size> {
  const { name, bytes } = await readPicture(source);
  try {
    return await sizeOf(bytes);
  } catch (cause) {
    throw new ImageError(name, 'it is no picture, or damaged; fetch or save it again.', { cause });
  }
}

async function sizeOf(bytes: Uint8Array): Promise<Size> {
  if (pictureFormat(bytes) === 'gif') {
    const frame = gifFirstFrame(bytes);
    if (frame === undefined) throw new RangeError('it ends before its first frame does');
    return { width: frame.canvasWidth, height: frame.canvasHeight };
  }
  const { default: sharp } = await import('sharp');
  const header = await sharp(bytes, { limitInputPixels: false }).metadata();
  const { width, height, orientation = xmpOrientation(header.xmpAsString) } = header;
  const isTurned = orientation >= 5 && orientation <= 8;
  return isTurned ? { width: height, height: width } : { width, height };
}
