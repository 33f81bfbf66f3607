/** The bytes behind an image source, with every limit checked before they are read. */
import { readFile, stat } from 'node:fs/promises';
import { ImageError } from '../../contracts/errors.ts';
import type { ImageSource } from '../../contracts/image.ts';
import { decodeDataUri } from './data-uri.ts';

const LONGEST_NAME = 120;

/** A picture file's bytes and the short name that errors call it by. */
interface SourceBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Throws ImageError for what can't be read, is empty, or has more than `maxBytes`. */
export async function readSource(source: ImageSource, maxBytes: number): Promise<SourceBytes> {
  const name = shortName(source);
  const bytes = await bytesOf(source, name, maxBytes);
  if (bytes.length === 0) throw new ImageError(name, 'it is empty; give a picture file.');
  checkBytes(bytes.length, maxBytes, name);
  return { name, bytes };
}

async function bytesOf(source: ImageSource, name: string, maxBytes: number): Promise<Uint8Array> {
  if (typeof source !== 'string') return source;
  if (/^data:/i.test(source)) return decodeDataUri(source, maxBytes, name);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(source)) {
    throw new ImageError(name, 'URLs are not fetched; save the picture and give the path.');
  }
  return readPath(source, name, maxBytes);
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
    checkBytes(found.size, maxBytes, name);
    return await readFile(path);
  } catch (error) {
    if (error instanceof ImageError) throw error;
    throw new ImageError(name, readProblem(error), { cause: error });
  }
}

function checkBytes(length: number, maxBytes: number, name: string): void {
  if (length > maxBytes) {
    throw new ImageError(
      name,
      `it has ${length} bytes but at most ${maxBytes} are read; use a smaller file.`,
    );
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

function shortName(source: ImageSource): string {
  if (typeof source !== 'string') return `in memory (${source.length} bytes)`;
  if (/^data:/i.test(source)) return `in a data URI (${source.length} characters)`;
  if (source === '') return 'at an empty path';
  const path = source.slice(0, LONGEST_NAME).replace(/\p{Cc}/gu, '\u{fffd}');
  return source.length > LONGEST_NAME ? `${path.slice(0, -1)}…` : path;
}
