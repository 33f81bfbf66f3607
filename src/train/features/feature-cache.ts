/**
 * Arrays of float16 on disk, by content: `ab/cdef…` under a folder that any number of processes may share. A file is written
 * beside its place and renamed, but not flushed, which for thousands of small files would take longer than computing them:
 * one that a power cut spoilt fails its checksum, and what fails it is deleted and counts as never there.
 */
import { mkdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { errorCode, ioError } from '../../checkpoint/io-error.ts';
import { makeRoom } from './cache-room.ts';
import { withFolderLock } from './folder-lock.ts';

/** A cache that never fails: what goes wrong with the disk costs time, and is said once. */
export interface FeatureCache {
  /** The `size` numbers kept under a key of 64 hexadecimal digits. */
  get(key: string, size: number): Promise<Uint16Array | undefined>;
  put(key: string, halves: Uint16Array): Promise<void>;
  /** What this process did so far. */
  readonly counts: Readonly<CacheCounts>;
}

export interface CacheCounts {
  written: number;
  /** Deleted to make room. */
  evicted: number;
  /** Found damaged, and deleted. */
  damaged: number;
}

export interface FeatureCacheSettings {
  readonly folder: string;
  /** Most bytes of all files; those read longest ago make room. */
  readonly limitBytes: number;
  readonly now: () => Date;
  /** Told once each: a file is damaged, a dialogue is larger than the limit, the cache can't be written any more. */
  readonly onWarning: (message: string) => void;
}

/** Opens the cache in a folder, which is made if it isn't there, and cuts it to its limit. */
export async function openFeatureCache({
  folder,
  limitBytes,
  now,
  onWarning,
}: FeatureCacheSettings): Promise<FeatureCache> {
  const counts: CacheCounts = { written: 0, evicted: 0, damaged: 0 };
  let writing = true;
  let last: Promise<void> = Promise.resolve();
  const pathOf = (key: string) => join(folder, key.slice(0, 2), key.slice(2));

  const said = new Set<string>();
  const warnOnce = (kind: string, message: string): void => {
    if (!said.has(kind)) onWarning(message);
    said.add(kind);
  };
  const stopWriting = (cause: unknown): void => {
    writing = false;
    const error = ioError(folder, cause);
    const problem = error instanceof Error ? error.message : String(error);
    warnOnce('write', `${problem} No more features are kept there; the run goes on.`);
  };
  /** `work` under the lock, with room for `bytes` more; what fails ends all writing. */
  const withRoom = async (bytes: number, work: () => Promise<void>): Promise<void> => {
    try {
      await withFolderLock(join(folder, 'lock'), now, async (renew) => {
        counts.evicted += await makeRoom(folder, bytes, limitBytes, renew);
        await work();
      });
    } catch (cause) {
      stopWriting(cause);
    }
  };
  const write = (key: string, file: Uint8Array): Promise<void> =>
    withRoom(file.length, async () => {
      const incoming = join(folder, 'incoming');
      try {
        await writeFile(incoming, file);
        await renameInto(incoming, pathOf(key));
        counts.written++;
      } finally {
        await rm(incoming, { force: true });
      }
    });

  await mkdir(folder, { recursive: true }).catch(stopWriting);
  if (writing) await withRoom(0, async () => {});
  return {
    counts,
    async get(key, size) {
      const path = pathOf(key);
      const file = await readFile(path).catch(() => undefined);
      if (file === undefined) return undefined;
      const halves = unwrapped(key, file, size);
      if (halves !== undefined) {
        await utimes(path, now(), now()).catch(() => {});
        return halves;
      }
      counts.damaged++;
      warnOnce('read', `${path}: this file of the feature cache is damaged; it is computed again.`);
      await rm(path, { force: true }).catch(() => {});
      return undefined;
    },
    async put(key, halves) {
      const file = wrapped(key, halves);
      if (file.length > limitBytes) {
        const [needed, limit] = [file.length, limitBytes];
        warnOnce('size', `${folder}: ${limit} bytes don't hold the ${needed} of one dialogue.`);
        return;
      }
      if (!writing) return;
      last = last.then(() => write(key, file));
      await last;
    },
  };
}

async function renameInto(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    await mkdir(join(to, '..'), { recursive: true });
    await rename(from, to);
  }
}

const MAGIC = 0x4644_534d; // 'MSDF' as it lies in the file
const HEADER_BYTES = 12;

/** Magic, size, checksum of key and numbers, numbers. In the machine's own byte order: another's is another magic. */
function wrapped(key: string, halves: Uint16Array): Uint8Array {
  const file = new Uint8Array(HEADER_BYTES + halves.byteLength);
  const body = new Uint8Array(halves.buffer, halves.byteOffset, halves.byteLength);
  file.set(body, HEADER_BYTES);
  new Uint32Array(file.buffer, 0, 3).set([MAGIC, halves.length, crc32(body, crc32(key))]);
  return file;
}

function unwrapped(key: string, file: Uint8Array, size: number): Uint16Array | undefined {
  if (file.length !== HEADER_BYTES + size * Uint16Array.BYTES_PER_ELEMENT) return undefined;
  const bytes = Uint8Array.from(file); // begins at an even place
  const [magic, length, checksum] = new Uint32Array(bytes.buffer, 0, 3);
  const body = bytes.subarray(HEADER_BYTES);
  if (magic !== MAGIC || length !== size || checksum !== crc32(body, crc32(key))) return undefined;
  return new Uint16Array(bytes.buffer, HEADER_BYTES, size);
}
