/** The picture file behind a source, with every limit checked before it is read. */
import { readFile, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ImageError } from '../../contracts/errors.ts';
import type { ImageSource, PictureFile } from '../../contracts/image.ts';
import { checkLength, MOST_BYTES, readBytes } from '../picture-in-memory.ts';
import { decodeDataUri } from './data-uri.ts';

const LONGEST_NAME = 120;

/**
 * Reads a path, a `file:` URL, a `data:` URI, the bytes of a file or a blob.
 * @throws ImageError for what can't be read, is empty, or has more than `maxBytes`
 */
export async function readPicture(
  source: ImageSource,
  maxBytes = MOST_BYTES,
): Promise<PictureFile> {
  if (source instanceof URL) return readPicture(source.href, maxBytes);
  if (typeof source !== 'string') return readBytes(source, maxBytes);
  const name = shortName(source);
  const bytes = await bytesOf(source, name, maxBytes);
  checkLength(bytes.length, maxBytes, name);
  return { name, bytes };
}

async function bytesOf(source: string, name: string, maxBytes: number): Promise<Uint8Array> {
  if (/^data:/i.test(source)) return decodeDataUri(source, maxBytes, name);
  if (/^file:\/\//i.test(source)) return readPath(pathOf(source, name), name, maxBytes);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(source)) {
    throw new ImageError(name, 'URLs are not fetched; save the picture and give the path.');
  }
  return readPath(source, name, maxBytes);
}

function pathOf(url: string, name: string): string {
  try {
    return fileURLToPath(url);
  } catch (cause) {
    throw new ImageError(name, 'it is no URL of a file on this machine; give the path.', { cause });
  }
}

async function readPath(path: string, name: string, maxBytes: number): Promise<Uint8Array> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) {
      throw new ImageError(name, 'it is a directory; give the path of a picture file.');
    }
    if (!found.isFile()) {
      throw new ImageError(name, 'it is a device or pipe; give the path of a picture file.');
    }
    if (found.size > maxBytes) checkLength(found.size, maxBytes, name);
    return await readFile(path);
  } catch (error) {
    if (error instanceof ImageError) throw error;
    throw new ImageError(name, readProblem(error), { cause: error });
  }
}

function readProblem(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'there is no such file; check the path.';
    case 'EACCES':
    case 'EPERM':
      return 'there is no permission to read it; change its permissions.';
    default:
      return `it can't be read (${code ?? error}); check the path and the disk.`;
  }
}

function shortName(source: string): string {
  if (/^data:/i.test(source)) return `in a data URI (${source.length} characters)`;
  if (source === '') return 'at an empty path';
  const path = source.slice(0, LONGEST_NAME).replace(/\p{Cc}/gu, '\u{fffd}');
  return source.length > LONGEST_NAME ? `${path.slice(0, -1)}…` : path;
}
