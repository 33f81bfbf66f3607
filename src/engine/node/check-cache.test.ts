import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { tempFolder } from '../../checkpoint/testing/folders.ts';
import { passedOnce } from './check-cache.ts';

let folder: string;
beforeEach(() => {
  folder = tempFolder();
  vi.stubEnv('MSD_CACHE', folder);
});
afterEach(() => vi.unstubAllEnvs());

/** Asks for a check that gives these results one after the other, as often; what was said each time, and how often it was made. */
async function asked(results: readonly boolean[], check = 'a') {
  const said: boolean[] = [];
  let made = 0;
  for (const _ of results) said.push(await passedOnce(check, async () => results[made++] === true));
  return { said, made };
}

describe('a check', () => {
  it('that was passed is not made again', async () => {
    expect(await asked([true, false, false])).toEqual({ said: [true, true, true], made: 1 });
  });

  it('that failed is made again each time, until it is passed', async () => {
    const said = [false, false, true, true];
    expect(await asked([false, false, true, false])).toEqual({ said, made: 3 });
  });

  it('is none of another', async () => {
    await asked([true], 'a');
    expect((await asked([true], 'b')).made).toBe(1);
  });

  it('is made again under another version of Node, or where the cache is gone', async () => {
    await asked([true]);
    const version = vi.spyOn(process.versions, 'node', 'get');
    version.mockReturnValue('99.0.0');
    expect((await asked([true])).made).toBe(1);
    version.mockRestore();
    expect((await asked([true])).made).toBe(0);
    rmSync(folder, { recursive: true });
    expect((await asked([true])).made).toBe(1);
  });

  it('whose result can not be kept is made each time', async () => {
    vi.stubEnv('MSD_CACHE', '/proc/msd');
    expect((await asked([true, true])).made).toBe(2);
  });
});
