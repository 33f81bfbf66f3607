import { MsdError } from '../../contracts/errors.ts';
import type { ImageSource } from '../../contracts/image.ts';
import { createImageDecoder } from './decode-image.ts';
import { readPicture } from './read-picture.ts';

/**
 * Reads pictures to see whether that works, before anything slow begins.
 * @throws ImageError, or an AggregateError with one for each picture that can't be read
 */
export async function checkPictures(pictures: readonly ImageSource[]): Promise<void> {
  const decode = createImageDecoder();
  const errors: MsdError[] = [];
  for (const picture of pictures) {
    try {
      await decode(await readPicture(picture));
    } catch (error) {
      if (!MsdError.is(error)) throw error;
      errors.push(error);
    }
  }
  const [first, ...more] = errors;
  if (first === undefined) return;
  throw more.length === 0 ? first : new AggregateError(errors, first.message);
}
