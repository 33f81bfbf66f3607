import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Costs, MeasuredCosts } from '../../decode/costs.ts';
import { readCosts, writeCosts } from './cost-cache.ts';

const COSTS: Costs = {
  target: [
    { rows: 1, ms: 0.5 },
    { rows: 8, ms: 0.75 },
  ],
  draftLevel: 0.25,
  host: 0.125,
};

const STEADY: MeasuredCosts = { costs: COSTS, steady: true };

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'msd-costs-'));
  vi.stubEnv('XDG_CACHE_HOME', home);
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(home, { recursive: true, force: true });
});

const folder = () => join(home, 'msd-ts', 'costs');

describe('the cost cache', () => {
  it('gives what was written, by model', async () => {
    await writeCosts('a', STEADY);
    await writeCosts('b', { ...STEADY, costs: { ...COSTS, host: 0 } });
    expect(await readCosts('a')).toEqual(STEADY);
    expect((await readCosts('b'))?.costs.host).toBe(0);
    expect(await readCosts('c')).toBeUndefined();
  });

  it('holds those of a busy moment for a minute, and says so', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const busy = { ...STEADY, steady: false };
    await writeCosts('a', busy);
    vi.advanceTimersByTime(59_000);
    expect(await readCosts('a')).toEqual(busy);
    vi.advanceTimersByTime(2_000);
    expect(await readCosts('a')).toBeUndefined();
    await writeCosts('a', STEADY);
    vi.advanceTimersByTime(3_600_000);
    expect(await readCosts('a')).toEqual(STEADY);
  });

  it('takes no minute from a clock that was set back', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    await writeCosts('a', { ...STEADY, steady: false });
    vi.setSystemTime(Date.now() - 1_000);
    expect(await readCosts('a')).toBeUndefined();
  });

  it('holds whole files only', async () => {
    await Promise.all([writeCosts('a', STEADY), writeCosts('a', STEADY), writeCosts('a', STEADY)]);
    const [file, ...others] = readdirSync(folder());
    expect(others).toEqual([]);
    expect(JSON.parse(readFileSync(join(folder(), file as string), 'utf8'))).toEqual(COSTS);
  });

  it.each<[string, string]>([
    ['nothing', ''],
    ['half a file', JSON.stringify(COSTS).slice(0, 40)],
    ['another shape', '{"target":[]}'],
    ['no passes', JSON.stringify({ ...COSTS, target: [] })],
    ['a pass that took no time', JSON.stringify({ ...COSTS, target: [{ rows: 1, ms: 0 }] })],
    ['null for a number', JSON.stringify({ ...COSTS, draftLevel: null })],
    ['time that runs backwards', JSON.stringify({ ...COSTS, host: -1 })],
    ['widths in disorder', JSON.stringify({ ...COSTS, target: [...COSTS.target].reverse() })],
  ])('that holds %s is as if it were empty, and is written anew', async (_, spoilt) => {
    await writeCosts('a', STEADY);
    const [file] = readdirSync(folder());
    writeFileSync(join(folder(), file as string), spoilt);
    expect(await readCosts('a')).toBeUndefined();
    await writeCosts('a', STEADY);
    expect(await readCosts('a')).toEqual(STEADY);
  });

  it('that can not be written costs time, not the load', async () => {
    writeFileSync(join(home, 'msd-ts'), 'a file where the folder would be');
    await writeCosts('a', STEADY);
    expect(await readCosts('a')).toBeUndefined();
  });

  it.skipIf(process.getuid?.() === 0)('without permission likewise', async () => {
    chmodSync(home, 0o500);
    await writeCosts('a', STEADY);
    expect(await readCosts('a')).toBeUndefined();
  });

  it.each(['', 'relative/cache'])(
    'is in the home folder when XDG_CACHE_HOME is %o',
    async (given) => {
      vi.stubEnv('HOME', home);
      vi.stubEnv('XDG_CACHE_HOME', given);
      await writeCosts('a', STEADY);
      expect(existsSync(join(home, '.cache', 'msd-ts', 'costs'))).toBe(true);
    },
  );
});
