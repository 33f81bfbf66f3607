import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface FolderFile {
  readonly path: string;
  readonly bytes: number;
}

/** The files of a model folder, by name. */
export async function folderFiles(folder: string): Promise<FolderFile[]> {
  const entries = (await readdir(folder)).sort();
  const files = await Promise.all(
    entries.map(async (name) => {
      const path = join(folder, name);
      const found = await stat(path);
      return found.isFile() ? [{ path, bytes: found.size }] : [];
    }),
  );
  return files.flat();
}
