import { mkdtemp, open, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ioError } from './io-error.ts';
import { makeFolder } from './make-folder.ts';

/** A file's whole content; of more than 2 GiB in pieces. */
export type FileContent = string | Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/**
 * Writes a file that is either there as a whole or not at all: beside its place, flushed, then renamed over it.
 * Missing folders are made.
 * @throws CheckpointError where it can't be written; what stood at `path` is then unchanged.
 */
export async function writeWhole(path: string, data: FileContent): Promise<void> {
  let beside: string | undefined;
  try {
    await makeFolder(dirname(path));
    beside = await mkdtemp(`${path}.`);
    const draft = join(beside, basename(path));
    await writeFlushed(draft, data);
    await rename(draft, path);
  } catch (cause) {
    throw ioError(path, cause);
  } finally {
    if (beside !== undefined) await rm(beside, { recursive: true, force: true });
  }
}

/** Writes a file that isn't there yet, and waits until it is on the disk. */
export async function writeFlushed(path: string, data: FileContent): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await writeFile(file, data);
    await file.sync();
  } finally {
    await file.close();
  }
}
