import { stat } from 'node:fs/promises';
import { CheckpointError } from '../../contracts/errors.ts';
import { mistakenFile } from './mistaken-file.ts';
import { mistakenFolder } from './mistaken-folder.ts';

/**
 * Looks whether a path that was given as a model's folder is another thing that is known.
 * @throws CheckpointError that says what it is and what goes on with it
 */
export async function refuseMistake(path: string): Promise<void> {
  const stats = await stat(path).catch(() => undefined);
  if (stats === undefined) return; // whoever reads a file of it says that it is missing
  const mistake = stats.isDirectory()
    ? await mistakenFolder(path)
    : stats.isFile()
      ? await mistakenFile(path)
      : undefined;
  if (mistake === undefined) return;
  const { what, advice, remedy } = mistake;
  throw new CheckpointError(path, `this is ${what}; ${advice}.`, { remedy });
}
