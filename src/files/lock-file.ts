/**
 * One process at a time: a lock is a file that names its process, and is taken over once that process is dead. It appears
 * with its content at once, as a second name of a file that was written before.
 */
import { randomUUID } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import * as z from 'zod';
import { errorCode, ioError } from './io-error.ts';
import { jsonIn } from './json-file.ts';
import { processBirth } from './process-birth.ts';

const holderSchema = z.object({ pid: z.int().positive(), host: z.string(), birth: z.string() });
type Holder = z.infer<typeof holderSchema>;

/**
 * Makes the lock for this process. If that is killed on the way, files stay whose names are the lock's, a dot and more.
 * @param lock path of the file; its folder exists
 * @param taken what to throw while another process, or an earlier call of this one, holds it
 * @returns what gives it back
 */
export async function lockFile(
  lock: string,
  taken: (pid: number, host: string) => Error,
): Promise<() => Promise<void>> {
  try {
    const { release, holder } = await tryLock(lock);
    if (release === undefined) throw taken(holder.pid, holder.host);
    return release;
  } catch (cause) {
    throw ioError(lock, cause);
  }
}

type Try =
  | { readonly release: () => Promise<void>; readonly holder?: never }
  | { readonly release?: never; readonly holder: Holder };

async function tryLock(lock: string): Promise<Try> {
  const own = `${lock}.${randomUUID()}`;
  const birth = (await processBirth(process.pid)) ?? '';
  const text = JSON.stringify({ pid: process.pid, host: hostname(), birth } satisfies Holder);
  try {
    for (;;) {
      await writeFile(own, text);
      if (await linked(own, lock)) return { release: () => rm(lock, { force: true }) };
      const there = await readFile(lock, 'utf8').catch(undefinedIfMissing);
      if (there === undefined) continue;
      const holder = holderIn(there);
      if (holder !== undefined && (await isAlive(holder))) return { holder };
      await bury(lock, there);
    }
  } finally {
    await rm(own, { force: true });
  }
}

/** Gives `own` the second name `lock`; false if a lock is there, or if its holder swept `own` away. */
async function linked(own: string, lock: string): Promise<boolean> {
  try {
    await link(own, lock);
    return true;
  } catch (cause) {
    if (errorCode(cause) === 'EEXIST' || errorCode(cause) === 'ENOENT') return false;
    throw cause;
  }
}

/**
 * Removes a dead process's lock, one process at a time: between reading it and removing it, another might have buried
 * it and made its own.
 */
async function bury(lock: string, dead: string): Promise<void> {
  const { release } = await tryLock(`${lock}.dead`);
  if (release === undefined) return await setTimeout(1); // another is at it
  try {
    const there = await readFile(lock, 'utf8').catch(undefinedIfMissing);
    if (there === dead) await rm(lock);
  } finally {
    await release();
  }
}

/** A holder on another machine counts as alive: nobody can tell from here. */
async function isAlive({ pid, host, birth }: Holder): Promise<boolean> {
  return host !== hostname() || (await processBirth(pid)) === birth;
}

/** Undefined if a crash of the machine spoilt it. */
const holderIn = (text: string): Holder | undefined => holderSchema.safeParse(jsonIn(text)).data;

function undefinedIfMissing(cause: unknown): undefined {
  if (errorCode(cause) !== 'ENOENT') throw cause;
}
