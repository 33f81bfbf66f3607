import type { ReadPicture } from '../../contracts/image.ts';
import type { Request, UnreadRequest } from '../answer/resolve-options.ts';

/**
 * A request as it crosses to its engine, which has no files of the caller's. Once it is cancelled no further picture is
 * read: nobody will look at it.
 * @throws ImageError
 */
export async function readPictures(
  { images, ...request }: UnreadRequest,
  read: ReadPicture,
  signal?: Pick<AbortSignal, 'aborted'>,
): Promise<Request> {
  const files: Request['images'][number][] = [];
  for (const source of images) {
    files.push(signal?.aborted ? { name: 'unread', bytes: new Uint8Array() } : await read(source));
  }
  return { ...request, images: files };
}
