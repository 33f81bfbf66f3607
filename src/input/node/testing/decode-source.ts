import type { ImageSource, RgbImage } from '../../../contracts/image.ts';
import { createImageDecoder } from '../decode-image.ts';
import { readPicture } from '../read-picture.ts';

/** A picture from its path, URI or bytes, as a caller reads it and an engine decodes it. */
export async function decodeSource(
  source: ImageSource,
  { maxBytes, maxPixels }: { maxBytes?: number; maxPixels?: number } = {},
): Promise<RgbImage> {
  return createImageDecoder(maxPixels)(await readPicture(source, maxBytes));
}
