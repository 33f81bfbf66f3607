import { appendFile, open, rm } from 'node:fs/promises';
import { DiskFullError } from '../../contracts/errors.ts';
import { errorCode, ioError } from '../../files/io-error.ts';
import { writeFlushed } from '../../files/write-file.ts';

/** Where a run writes what grows: handed in, so that a test can fill it. */
export interface Disk {
  /** Writes a new file, and waits until it is on the disk. */
  create(path: string, content: Iterable<Uint8Array>): Promise<void>;
  append(path: string, text: string): Promise<void>;
}

export const REAL_DISK: Disk = {
  create: writeFlushed,
  append: (path, text) => appendFile(path, text),
};

/** Waits until a file, or the names in a folder, are on the disk. */
export async function flush(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Removes a file, or a folder with all in it, if it is there. */
export async function removeAll(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (cause) {
    throw ioError(path, cause);
  }
}

const FULL: readonly (string | undefined)[] = ['ENOSPC', 'EDQUOT'];

/** What to throw when a file of `bytes` could not be written: DiskFullError where there was no room for it. */
export function writeError(
  path: string,
  bytes: number,
  lastGood: string | undefined,
  cause: unknown,
): unknown {
  const inner = cause instanceof Error ? cause.cause : undefined;
  const full = FULL.includes(errorCode(cause) ?? errorCode(inner));
  return full ? new DiskFullError(path, bytes, lastGood, { cause }) : ioError(path, cause);
}
