import { join } from 'node:path';
import { RunLockedError } from '../contracts/errors.ts';
import { lockFile } from './lock-file.ts';

export const LOCK_FILE = 'run.lock';

/** Names of files that locking leaves behind if it is killed. */
export const isLockLeftover = (name: string): boolean => name.startsWith(`${LOCK_FILE}.`);

/**
 * Locks a run's folder for this process: one trains there at a time.
 * @returns what gives it back
 * @throws RunLockedError while another process, or an earlier call of this one, holds it
 */
export function lockRun(dir: string): Promise<() => Promise<void>> {
  const lock = join(dir, LOCK_FILE);
  return lockFile(lock, (pid, host) => new RunLockedError(lock, pid, host));
}
