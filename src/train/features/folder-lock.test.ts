import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withFolderLock } from './folder-lock.ts';

let folder: string;
let lock: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'msd-lock-'));
  lock = join(folder, 'lock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const now = () => new Date();
const tryLock = () => withFolderLock(lock, now, () => 'done');

describe('withFolderLock', () => {
  it('holds the lock during the work and gives it back', async () => {
    const held = await withFolderLock(lock, now, () => existsSync(lock));
    expect(held).toBe(true);
    expect(existsSync(lock)).toBe(false);
  });

  it('gives it back when the work fails', async () => {
    const failed = withFolderLock(lock, now, () => {
      throw new RangeError('work');
    });
    await expect(failed).rejects.toThrow(RangeError);
    expect(await tryLock()).toBe('done');
  });

  it('does nothing while another process lives that holds it', async () => {
    writeFileSync(lock, `${hostname()} ${process.pid}`);
    expect(await tryLock()).toBeUndefined();
  });

  it('waits for it to be given back', async () => {
    writeFileSync(lock, `${hostname()} ${process.pid}`);
    setTimeout(() => rmSync(lock), 20);
    expect(await tryLock()).toBe('done');
  });

  it('takes it over from a process of this machine that died', async () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    writeFileSync(lock, `${hostname()} ${pid}`);
    expect(await tryLock()).toBe('done');
  });

  it('takes it over from one that died before it wrote its name', async () => {
    writeFileSync(lock, '');
    expect(await tryLock()).toBe('done');
  });

  it.each<[string, number, string | undefined]>([
    ['silent for 11 s', 11, 'done'],
    ['heard of 5 s ago', 5, undefined],
  ])('of another machine, %s', async (_, seconds, expected) => {
    writeFileSync(lock, 'elsewhere 1');
    const heard = new Date(Date.now() - 1000 * seconds);
    utimesSync(lock, heard, heard);
    expect(await tryLock()).toBe(expected);
  });
});
