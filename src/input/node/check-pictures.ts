import type { ImageSource } from '../../contracts/image.ts';
import { createImageDecoder } from './decode-image.ts';
import { readPicture } from './read-picture.ts';

/**
 * Reads pictures to see whether that works, before anything slow begins.
 * @throws ImageError
 */
export async function checkPictures(pictures: readonly ImageSource[]): Promise<void> {
  const decode = createImageDecoder();
  for (const picture of pictures) await decode(await readPicture(picture));
}
