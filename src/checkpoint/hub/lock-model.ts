import { join } from 'node:path';
import { modelFolder } from './model-name.ts';

/**
 * Keeps other processes from pulling or removing a model.
 * @param folder where the lock is kept; it exists
 * @returns what gives it back
 * @throws ModelBusyError
 */
export type LockModel = (folder: string, model: string) => Promise<() => Promise<void>>;

/** Beside the models, where huggingface_hub has its own locks, so that removing a model leaves them. */
export const lockFolder = (cache: string, model: string): string =>
  join(cache, '.locks', modelFolder(model));
