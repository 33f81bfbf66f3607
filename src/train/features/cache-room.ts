/**
 * Room in a folder that several processes fill: the bytes in it stand in the file `total`, so that a write needs no look
 * at thousands of files. The total is raised before a file is written and lowered after others are deleted; a process
 * that dies in between leaves it too high, never too low. It is counted anew whenever there is too little room.
 */
import {
  closeSync,
  constants,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/** What is filled of the limit once room had to be made, so that counting is rare. */
const KEPT = 0.9;

/**
 * Counts `bytes` more into the folder, deleting the files read longest ago if they would pass `limitBytes`. To be called
 * under the folder's lock; `renew` keeps that.
 * @returns how many files were deleted.
 */
export function makeRoom(
  folder: string,
  bytes: number,
  limitBytes: number,
  renew: () => void,
): number {
  const known = readTotal(folder);
  if (known !== undefined && known + bytes <= limitBytes) {
    writeTotal(folder, known + bytes);
    return 0;
  }
  const files = listFiles(folder, renew);
  const total = files.reduce((sum, { size }) => sum + size, 0);
  const tooMany = total + bytes <= limitBytes ? 0 : total + bytes - limitBytes * KEPT;
  const { count, freed } = deleteOldest(files, tooMany, renew);
  writeTotal(folder, total - freed + bytes);
  return count;
}

interface CachedFile {
  readonly path: string;
  readonly size: number;
  readonly readMs: number;
}

/** The cache's own files; others in the folder are nobody's to delete. */
function listFiles(folder: string, renew: () => void): CachedFile[] {
  const shelves = readdirSync(folder).filter((name) => /^[0-9a-f]{2}$/.test(name));
  return shelves.flatMap((shelf) => {
    renew();
    const names = readdirSync(join(folder, shelf)).filter((name) => /^[0-9a-f]{62}$/.test(name));
    return names.flatMap((name) => {
      const path = join(folder, shelf, name);
      const found = statSync(path, { throwIfNoEntry: false });
      return found === undefined ? [] : [{ path, size: found.size, readMs: found.mtimeMs }];
    });
  });
}

/** Deletes those read longest ago until `bytes` are free. */
function deleteOldest(
  files: readonly CachedFile[],
  bytes: number,
  renew: () => void,
): { count: number; freed: number } {
  let [count, freed] = [0, 0];
  for (const { path, size } of files.toSorted((a, b) => a.readMs - b.readMs)) {
    if (freed >= bytes) break;
    rmSync(path, { force: true });
    renew();
    freed += size;
    count++;
  }
  return { count, freed };
}

const DIGITS = 16;

function readTotal(folder: string): number | undefined {
  try {
    const text = readFileSync(join(folder, 'total'), 'latin1');
    return text.length === DIGITS && /^[0-9]+$/.test(text) ? Number(text) : undefined;
  } catch {
    return undefined;
  }
}

/** In place, digits over digits: emptying the file first would make some file systems flush it every time. */
function writeTotal(folder: string, total: number): void {
  const file = openSync(join(folder, 'total'), constants.O_WRONLY | constants.O_CREAT);
  try {
    writeSync(file, String(total).padStart(DIGITS, '0'), 0);
  } finally {
    closeSync(file);
  }
}
