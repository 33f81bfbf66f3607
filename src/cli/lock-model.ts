import type { LockModel } from '../checkpoint/hub/lock-model.ts';
import { ModelBusyError, RunLockedError } from '../contracts/errors.ts';
import { lockRun } from '../train/run/lock-run.ts';

/** Locks a model of the cache as a training locks its folder. */
export const lockModel: LockModel = async (folder, model) => {
  try {
    return await lockRun(folder);
  } catch (cause) {
    if (!(cause instanceof RunLockedError)) throw cause;
    throw new ModelBusyError(model, cause.pid, cause.host, cause.lock);
  }
};
