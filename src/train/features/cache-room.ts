/**
 * Room in a folder that several processes fill: the bytes in it stand in the file `total`, so that a write needs no look
 * at thousands of files. The total is raised before a file is written and lowered after others are deleted; a process
 * that dies in between leaves it too high, never too low. It is counted anew whenever there is too little room.
 */
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What is left of the limit once room had to be made, so that counting is rare. */
const KEPT = 0.9;

/**
 * Counts `bytes` more into the folder, deleting the files read longest ago if they would pass `limitBytes`. To be called
 * under the folder's lock.
 * @returns how many files were deleted.
 */
export async function makeRoom(
  folder: string,
  bytes: number,
  limitBytes: number,
  renew: () => Promise<void>,
): Promise<number> {
  const known = await readTotal(folder);
  if (known !== undefined && known + bytes <= limitBytes) {
    if (bytes > 0) await writeTotal(folder, known + bytes);
    return 0;
  }
  const files = await listFiles(folder, renew);
  let total = files.reduce((sum, { size }) => sum + size, 0);
  let deleted = 0;
  if (total + bytes > limitBytes) {
    files.sort((a, b) => a.readMs - b.readMs);
    for (const { path, size } of files) {
      if (total + bytes <= limitBytes * KEPT) break;
      await rm(path, { force: true });
      await renew();
      total -= size;
      deleted++;
    }
  }
  await writeTotal(folder, total + bytes);
  return deleted;
}

interface CachedFile {
  readonly path: string;
  readonly size: number;
  readonly readMs: number;
}

/** The cache's own files; others in the folder are nobody's to delete. */
async function listFiles(folder: string, renew: () => Promise<void>): Promise<CachedFile[]> {
  const files: CachedFile[] = [];
  for (const shelf of await readdir(folder)) {
    if (!/^[0-9a-f]{2}$/.test(shelf)) continue;
    const names = await readdir(join(folder, shelf)).catch(() => []);
    const paths = names
      .filter((name) => /^[0-9a-f]{62}$/.test(name))
      .map((name) => join(folder, shelf, name));
    const found = await Promise.all(paths.map((path) => stat(path).catch(() => undefined)));
    for (const [index, path] of paths.entries()) {
      const one = found[index];
      if (one !== undefined) files.push({ path, size: one.size, readMs: one.mtimeMs });
    }
    await renew();
  }
  return files;
}

const DIGITS = 16;

async function readTotal(folder: string): Promise<number | undefined> {
  const text = await readFile(join(folder, 'total'), 'latin1').catch(() => '');
  return text.length === DIGITS && /^[0-9]+$/.test(text) ? Number(text) : undefined;
}

async function writeTotal(folder: string, total: number): Promise<void> {
  await writeFile(join(folder, 'total'), String(total).padStart(DIGITS, '0'));
}
