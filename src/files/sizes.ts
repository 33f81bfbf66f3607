import { stat, statfs } from 'node:fs/promises';

/** Bytes that the disk of a folder has room for. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** Undefined where nothing is. */
export const fileSize = (path: string): Promise<number | undefined> =>
  stat(path).then(
    ({ size }) => size,
    () => undefined,
  );
