/**
 * Large files that are there as a whole or not at all, where a process may be killed on the way: it writes beside, under
 * a name that says who it is, and whoever writes next clears away what the dead have left.
 */
import { randomUUID } from 'node:crypto';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { errorCode, ioError } from '../files/io-error.ts';
import { makeFolder } from '../files/make-folder.ts';
import { writeFlushed } from '../files/write-file.ts';

/** A part of another machine that nobody wrote to for so long is nobody's. */
const LONG = 24 * 60 * 60 * 1000; // ms

const NAME = /^(?<of>.+\.safetensors)\.(?<host>.+)-(?<pid>\d+)-\w+\.part$/;

/**
 * Writes a file beside its place and renames it. `open` gives its bytes, once the folder is there and swept.
 * @throws CheckpointError where it can't be written; nothing then stays
 */
export async function writePart(
  path: string,
  open: () => Promise<AsyncIterable<Uint8Array>>,
): Promise<void> {
  const token = randomUUID().slice(0, 8);
  const part = `${path}.${hostname()}-${process.pid}-${token}.part`;
  try {
    await makeFolder(dirname(path));
    await sweep(dirname(path));
    await writeFlushed(part, await open());
    await rename(part, path);
  } catch (cause) {
    await rm(part, { force: true });
    throw ioError(path, cause);
  }
}

/** A file on the way to its place. */
export interface Part {
  readonly path: string;
  /** Where it will stand. */
  readonly of: string;
  readonly bytes: number;
  /** Who writes it, or did. */
  readonly pid: number;
  readonly host: string;
  /** Its writer is gone. */
  readonly isLeft: boolean;
}

/** The parts in a folder. */
export async function partsIn(folder: string): Promise<Part[]> {
  const found = (await readdir(folder)).map(async (name): Promise<Part[]> => {
    const { of, host, pid } = NAME.exec(name)?.groups ?? {};
    if (of === undefined || host === undefined) return [];
    const path = join(folder, name);
    const there = await stat(path).catch(() => undefined);
    if (there === undefined) return []; // it was renamed just now
    const gone = host === hostname() && isGone(Number(pid), there.mtimeMs);
    const isLeft = gone || Date.now() - there.mtimeMs > LONG;
    return [{ path, of: join(folder, of), bytes: there.size, pid: Number(pid), host, isLeft }];
  });
  return (await Promise.all(found)).flat();
}

/** Deletes parts of any file of the folder whose writers are gone. */
async function sweep(folder: string): Promise<void> {
  for (const { path, isLeft } of await partsIn(folder)) if (isLeft) await rm(path, { force: true });
}

/** Whether the process that last wrote at a time is no more. */
function isGone(pid: number, mtimeMs: number): boolean {
  if (pid === process.pid) return mtimeMs < Date.now() - process.uptime() * 1000; // one before us had our number
  try {
    process.kill(pid, 0);
    return false;
  } catch (cause) {
    return errorCode(cause) !== 'EPERM';
  }
}
