/** Pictures of records: where their files are, and whether they look like pictures at all. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ImageError } from '../../contracts/errors.ts';
import { printable } from '../../contracts/printable.ts';
import { errorCode } from '../../files/io-error.ts';
import { pictureFormat, refusedFormat } from '../../input/node/picture-format.ts';
import { readPicture } from '../../input/node/read-picture.ts';
import { BadRecord } from './turns.ts';

const HEADER_BYTES = 32;

/** No folder that was looked into holds a record's picture. */
export class MissingPicture extends BadRecord {}

/**
 * Finds a record's picture: relative to the data file, in the folder `images` beside it, then in `imageRoot`. What is
 * found must begin as a PNG, JPEG, WebP or GIF does; the rest is read when it is trained on. Data URIs pass as they are.
 * Each file is looked at once. The promise is rejected with BadRecord.
 */
export function createPictureFinder(
  imageRoot?: string,
): (file: string, source: string) => Promise<string> {
  const found = new Map<string, string>();
  return async (file, source) => {
    if (/^data:/i.test(source)) return checkedUri(source);
    const folder = dirname(file);
    const key = JSON.stringify([folder, source]);
    const path = found.get(key) ?? find(folder, source, imageRoot);
    found.set(key, path);
    return path;
  };
}

function find(folder: string, source: string, imageRoot?: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(source)) {
    throw new BadRecord(`picture ${printable(source)} is a URL, which is not fetched`);
  }
  const roots = [
    folder,
    resolve(folder, 'images'),
    ...(imageRoot === undefined ? [] : [imageRoot]),
  ];
  for (const root of roots) {
    const path = resolve(root, source);
    const bytes = readHeader(path, source);
    if (bytes === undefined) continue;
    checkFormat(bytes, source);
    return path;
  }
  throw new MissingPicture(`there is no picture ${printable(source)} in ${roots.join(', ')}`);
}

/**
 * The first bytes of a regular file; undefined where there is none. Synchronous, since a turn of the event loop for each
 * of a million pictures takes longer than looking at them.
 */
function readHeader(path: string, source: string): Uint8Array | undefined {
  try {
    if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return undefined;
    const file = openSync(path, 'r');
    try {
      const header = new Uint8Array(HEADER_BYTES);
      return header.subarray(0, readSync(file, header));
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new BadRecord(`picture ${printable(source)} can't be read (${code ?? error})`);
  }
}

async function checkedUri(uri: string): Promise<string> {
  try {
    const { name, bytes } = await readPicture(uri);
    checkFormat(bytes, name);
    return uri;
  } catch (error) {
    if (error instanceof ImageError) throw new BadRecord(error.message);
    throw error;
  }
}

function checkFormat(bytes: Uint8Array, source: string): void {
  if (pictureFormat(bytes) !== undefined) return;
  const format = refusedFormat(bytes);
  throw new BadRecord(
    format === undefined
      ? `picture ${printable(source)} is no picture file`
      : `picture ${printable(source)} is of a format that is not read (${format})`,
  );
}
