import { realpath, stat } from 'node:fs/promises';
import { CheckpointError } from '../contracts/errors.ts';

/**
 * Size and real path of the file at `path`, links followed. Looked at before a file is opened, since opening a pipe
 * would wait for a writer.
 */
export async function regularFile(path: string): Promise<{ size: number; real: string }> {
  const stats = await stat(path);
  if (stats.isFile()) return { size: stats.size, real: await realpath(path) };
  throw new CheckpointError(path, 'this is not a regular file; check the path.');
}
