import { readFile } from 'node:fs/promises';
import { errorCode } from './io-error.ts';

/** Places of the state and of the moment of start in /proc/[pid]/stat, after the name in brackets. */
const [STATE, START] = [0, 19];

/**
 * A text that tells a process from a later one of the same number: on Linux this boot and the moment of its start.
 * Elsewhere all that runs has the same text. Undefined if there is no such process, or only its exit code is left.
 */
export async function processBirth(pid: number): Promise<string | undefined> {
  if (!isRunning(pid)) return undefined;
  if (process.platform !== 'linux') return 'running';
  try {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'latin1');
    const stat = await readFile(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[STATE] === 'Z' ? undefined : `${boot.trim()} ${fields[START]}`;
  } catch {
    return isRunning(pid) ? 'running' : undefined; // it ended just now, or /proc is hidden
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return errorCode(cause) === 'EPERM'; // there, but another user's
  }
}
