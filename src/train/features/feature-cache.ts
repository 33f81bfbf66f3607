/**
 * Arrays of float16 on disk, by content: `ab/cdef…` under a folder that any number of processes may share. A file is written
 * beside its place and renamed, but not flushed, since each is cheap to compute again: one that a power cut spoilt fails its
 * checksum, is deleted and counts as never there. Reads and writes block: the thread belongs to the networks anyway, and
 * asynchronous ones take five to fifteen times as long for files of this size.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { ioError } from '../../files/io-error.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { makeRoom } from './cache-room.ts';
import { withFolderLock } from './folder-lock.ts';

/** A cache that never fails: what goes wrong with the disk costs time, and is said once. */
export interface FeatureCache {
  /** The `size` numbers kept under a key of 64 hexadecimal digits. */
  get(key: string, size: number): Uint16Array | undefined;
  put(key: string, halves: Uint16Array): Promise<void>;
  /** What this process did so far. */
  readonly counts: Readonly<CacheCounts>;
}

interface CacheCounts {
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
export async function openFeatureCache(settings: FeatureCacheSettings): Promise<FeatureCache> {
  const { folder, limitBytes, now, onWarning } = settings;
  const counts: CacheCounts = { written: 0, evicted: 0, damaged: 0 };
  let writing = true;
  const said = new Set<string>();
  const warnOnce = (kind: string, message: string): void => {
    if (!said.has(kind)) onWarning(message);
    said.add(kind);
  };
  const incoming = join(folder, 'incoming');
  const pathOf = (key: string) => join(folder, key.slice(0, 2), key.slice(2));
  /** Does `work` under the lock, with room for `bytes` more; what fails ends all writing. */
  const withRoom = async (bytes: number, work: () => void): Promise<void> => {
    try {
      await makeFolder(folder);
      await withFolderLock(join(folder, 'lock'), now, (renew) => {
        counts.evicted += makeRoom(folder, bytes, limitBytes, renew);
        work();
      });
    } catch (cause) {
      writing = false;
      const error = ioError(folder, cause);
      const problem = error instanceof Error ? error.message : String(error);
      warnOnce('write', `${problem} No more features are kept there; the run goes on.`);
    }
  };

  await withRoom(0, () => rmSync(incoming, { force: true })); // that a killed process left
  return {
    counts,
    get(key, size) {
      const path = pathOf(key);
      const file = ifPossible(() => readFileSync(path));
      if (file === undefined) return undefined;
      const halves = unwrapped(key, file, size);
      if (halves !== undefined) {
        ifPossible(() => utimesSync(path, now(), now()));
        return halves;
      }
      counts.damaged++;
      warnOnce('read', `${path}: this file of the feature cache is damaged; it is computed again.`);
      ifPossible(() => rmSync(path));
      return undefined;
    },
    async put(key, halves) {
      if (!writing) return;
      const file = wrapped(key, halves);
      if (file.length > limitBytes) {
        const [needed, limit] = [file.length, limitBytes];
        warnOnce('size', `${folder}: ${limit} bytes don't hold the ${needed} of one dialogue.`);
        return;
      }
      await withRoom(file.length, () => {
        writeBeside(incoming, pathOf(key), file);
        counts.written++;
      });
    },
  };
}

function ifPossible<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/** Whole or not at all; under the lock one name for what is being written is enough. */
function writeBeside(incoming: string, path: string, file: Uint8Array): void {
  try {
    writeFileSync(incoming, file);
    mkdirSync(dirname(path), { recursive: true });
    renameSync(incoming, path);
  } finally {
    rmSync(incoming, { force: true });
  }
}

const MAGIC = 0x4644_534d; // 'MSDF' as it lies in the file
const HEADER_BYTES = 12;

/** Magic, size, checksum of numbers and key, numbers. In the machine's own byte order: another's is another magic. */
function wrapped(key: string, halves: Uint16Array): Uint8Array {
  const file = new Uint8Array(HEADER_BYTES + halves.byteLength);
  const body = new Uint8Array(halves.buffer, halves.byteOffset, halves.byteLength);
  file.set(body, HEADER_BYTES);
  new Uint32Array(file.buffer, 0, 3).set([MAGIC, halves.length, crc32(key, crc32(body))]);
  return file;
}

function unwrapped(key: string, file: Uint8Array, size: number): Uint16Array | undefined {
  if (file.length !== HEADER_BYTES + size * Uint16Array.BYTES_PER_ELEMENT) return undefined;
  const bytes = Uint8Array.from(file); // begins at an even place
  const [magic, length, checksum] = new Uint32Array(bytes.buffer, 0, 3);
  const body = bytes.subarray(HEADER_BYTES);
  if (magic !== MAGIC || length !== size || checksum !== crc32(key, crc32(body))) return undefined;
  return new Uint16Array(bytes.buffer, HEADER_BYTES, size);
}
