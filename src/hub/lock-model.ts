import { join } from 'node:path';
import { ModelBusyError } from '../contracts/errors.ts';
import { ioError } from '../files/io-error.ts';
import { lockFile } from '../files/lock-file.ts';
import { makeFolder } from '../files/make-folder.ts';
import { modelFolder } from './model-name.ts';

/**
 * Keeps other processes from pulling or removing a model. The lock lies where huggingface_hub has its own, beside the
 * models, so that removing a model leaves it.
 * @returns what gives it back
 * @throws ModelBusyError while another process has it
 */
export async function lockModel(cache: string, model: string): Promise<() => Promise<void>> {
  const folder = join(cache, '.locks', modelFolder(model));
  try {
    await makeFolder(folder);
  } catch (cause) {
    throw ioError(folder, cause);
  }
  const lock = join(folder, 'run.lock');
  return lockFile(lock, (pid, host) => new ModelBusyError(model, pid, host, lock));
}
