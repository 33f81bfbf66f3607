import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../checkpoint/testing/folders.ts';
import { lockFile } from './lock-file.ts';
import { processBirth } from './process-birth.ts';

const isLinux = process.platform === 'linux';

const lockIn = (dir: string) =>
  lockFile(join(dir, 'a.lock'), (pid, host) => new Error(`process ${pid} on ${host} has it`));

/** A folder with the lock of some process. */
function lockedBy(holder: { pid: number; host?: string; birth: string }): string {
  const dir = tempFolder();
  writeFileSync(join(dir, 'a.lock'), JSON.stringify({ host: hostname(), ...holder }));
  return dir;
}

describe('a lock', () => {
  it('names its process, and leaves nothing behind', async () => {
    const dir = tempFolder();
    const unlock = await lockIn(dir);
    expect(JSON.parse(readFileSync(join(dir, 'a.lock'), 'utf8')).pid).toBe(process.pid);
    expect(readdirSync(dir)).toEqual(['a.lock']);
    await unlock();
    expect(readdirSync(dir)).toEqual([]);
  });

  it('is refused while its process lives', async () => {
    const birth = (await processBirth(process.ppid)) ?? '';
    const dir = lockedBy({ pid: process.ppid, birth });
    const holder = `process ${process.ppid} on ${hostname()} has it`;
    await expect(lockIn(dir)).rejects.toThrow(holder);
    expect(readdirSync(dir)).toEqual(['a.lock']);
  });

  it('is taken over from a dead process', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '0']);
    const unlock = await lockIn(lockedBy({ pid, birth: 'long ago' }));
    await unlock();
  });

  it.runIf(isLinux)('is taken over from a process whose number another has now', async () => {
    const dir = lockedBy({ pid: process.ppid, birth: 'before this boot' });
    await (await lockIn(dir))();
    expect(existsSync(join(dir, 'a.lock'))).toBe(false);
  });

  it.each(['', '{"pid":', '{"pid":-1,"host":"x","birth":""}'])(
    'is taken over where it holds %j',
    async (text) => {
      const dir = tempFolder();
      writeFileSync(join(dir, 'a.lock'), text);
      await (await lockIn(dir))();
    },
  );

  it('is not taken over from another machine', async () => {
    const dir = lockedBy({ pid: 1, host: 'elsewhere', birth: '' });
    await expect(lockIn(dir)).rejects.toThrow(/process 1 on elsewhere/);
  });

  it('goes to one of many that ask at once, a dead one’s too', async () => {
    for (let round = 0; round < 20; round++) {
      const dir = lockedBy({ pid: 2 ** 22 + 1, birth: 'long ago' });
      const asked = await Promise.allSettled(Array.from({ length: 8 }, () => lockIn(dir)));
      const got = asked.filter(({ status }) => status === 'fulfilled');
      expect(got).toHaveLength(1);
      expect(readdirSync(dir)).toEqual(['a.lock']);
    }
  });
});
