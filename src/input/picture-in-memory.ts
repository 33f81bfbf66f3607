/** Pictures that are already in memory, as pages and servers have them. */
import { ImageError } from '../contracts/errors.ts';
import type { ImageSource, PictureFile } from '../contracts/image.ts';

/** Most bytes of a picture file. */
export const MOST_BYTES = 64 * 2 ** 20;

/** A `ReadPicture` for where there are no files: bytes and blobs alone. */
export async function pictureInMemory(source: ImageSource): Promise<PictureFile> {
  if (typeof source !== 'string' && !(source instanceof URL)) return readBytes(source, MOST_BYTES);
  throw new ImageError('given as a text', 'only bytes and blobs are read here; give one of them.');
}

/** @throws ImageError where there are no bytes, or more than `maxBytes` */
export async function readBytes(
  source: Exclude<ImageSource, string | URL>,
  maxBytes: number,
): Promise<PictureFile> {
  if (source instanceof ArrayBuffer) return readBytes(new Uint8Array(source), maxBytes);
  if (source instanceof Uint8Array) {
    const name = `in memory (${source.length} bytes)`;
    checkLength(source.length, maxBytes, name);
    return { name, bytes: source };
  }
  const name = `in memory (${source.size} bytes)`;
  checkLength(source.size, maxBytes, name);
  try {
    return { name, bytes: new Uint8Array(await source.arrayBuffer()) };
  } catch (cause) {
    throw new ImageError(name, "its bytes can't be read any more; give it again.", { cause });
  }
}

/** @throws ImageError where a file is empty or larger than `maxBytes` */
export function checkLength(length: number, maxBytes: number, name: string): void {
  if (length === 0) throw new ImageError(name, 'it is empty; give a picture file.');
  if (length <= maxBytes) return;
  throw new ImageError(
    name,
    `it has ${length} bytes but at most ${maxBytes} are read; use a smaller file.`,
  );
}
