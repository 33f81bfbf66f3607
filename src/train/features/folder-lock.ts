import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { errorCode } from '../../files/io-error.ts';

/** A holder that gave no sign of life for this long is dead, on whichever machine it ran. */
const STALE_MS = 10_000;
/** One that made the file but did not come to write its name into it. */
const NAMELESS_MS = 100;
const RETRY_MS = 2;
const TRIES = 100;

/**
 * Does `work` while no other process does, by a file at `path` that exists as long. `renew` is the sign of life that long
 * work gives. Undefined, with nothing done, if others hold the lock all the while that one waits: a quarter of a second.
 */
export async function withFolderLock<T>(
  path: string,
  now: () => Date,
  work: (renew: () => void) => T,
): Promise<T | undefined> {
  if (!(await acquired(path, now))) return undefined;
  try {
    return work(() => utimesSync(path, now(), now()));
  } finally {
    rmSync(path, { force: true });
  }
}

async function acquired(path: string, now: () => Date): Promise<boolean> {
  for (let tries = 0; tries < TRIES; tries++) {
    try {
      writeFileSync(path, `${hostname()} ${process.pid}`, { flag: 'wx' });
      return true;
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    }
    if (abandoned(path, now)) rmSync(path, { force: true });
    else await setTimeout(RETRY_MS);
  }
  return false;
}

function abandoned(path: string, now: () => Date): boolean {
  try {
    const name = readFileSync(path, 'utf8');
    const silentMs = now().getTime() - statSync(path).mtimeMs;
    if (silentMs > (name === '' ? NAMELESS_MS : STALE_MS)) return true;
    const [host, pid] = name.split(' ');
    return host === hostname() && !isRunning(Number(pid));
  } catch {
    return false; // given back meanwhile
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) !== 'ESRCH';
  }
}
