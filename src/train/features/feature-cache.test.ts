import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FeatureCache, openFeatureCache } from './feature-cache.ts';
import { bytesIn, filesIn, keyOf, numbersOf } from './testing/cache-entries.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);

let folder: string;
let warnings: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'msd-features-'));
  warnings = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (limitBytes = 1e6, at = folder) =>
  openFeatureCache({
    folder: at,
    limitBytes,
    now: () => new Date(),
    onWarning: (message) => warnings.push(message),
  });
const get = (cache: FeatureCache, index: number) =>
  cache.get(keyOf(index), numbersOf(index).length);
const put = (cache: FeatureCache, index: number) => cache.put(keyOf(index), numbersOf(index));
const fileOf = (index: number) => join(folder, keyOf(index).slice(0, 2), keyOf(index).slice(2));

describe('a feature cache', () => {
  it('gives what was put, to whoever opens it later too', async () => {
    const cache = await open();
    await put(cache, 1);
    await put(cache, 2);
    expect(get(cache, 1)).toEqual(numbersOf(1));
    expect(get(await open(), 2)).toEqual(numbersOf(2));
    expect(get(cache, 3)).toBeUndefined();
    expect(warnings).toEqual([]);
  });

  it('makes its folder', async () => {
    const inside = join(folder, 'not', 'yet');
    const cache = await open(1e6, inside);
    await put(cache, 1);
    expect(get(cache, 1)).toEqual(numbersOf(1));
  });

  it('keeps an array of no numbers', async () => {
    const cache = await open();
    await cache.put(keyOf(1), new Uint16Array(0));
    expect(cache.get(keyOf(1), 0)).toEqual(new Uint16Array(0));
  });
});

describe('a damaged file', () => {
  const size = 12 + numbersOf(1).byteLength;
  const damages: Record<string, fc.Arbitrary<() => void>> = {
    'cut short': fc.nat(size - 1).map((length) => () => truncateSync(fileOf(1), length)),
    'with a bit turned': fc.nat(size * 8 - 1).map((bit) => () => {
      const file = readFileSync(fileOf(1));
      file[bit >> 3] = (file[bit >> 3] as number) ^ (1 << (bit & 7));
      writeFileSync(fileOf(1), file);
    }),
    'with bytes behind it': fc
      .uint8Array({ minLength: 1, maxLength: 30 })
      .map((bytes) => () => appendFileSync(fileOf(1), bytes)),
    'with random bytes in it': fc
      .uint8Array({ minLength: size, maxLength: size })
      .map((bytes) => () => writeFileSync(fileOf(1), bytes)),
    "with another key's numbers": fc.constant(() => copyFileSync(fileOf(101), fileOf(1))),
  };

  it.each(Object.keys(damages))('%s is dropped, counted and written anew', async (name) => {
    expect(numbersOf(101).length).toBe(numbersOf(1).length);
    await fc.assert(
      fc.asyncProperty(damages[name] as fc.Arbitrary<() => void>, async (damage) => {
        warnings = [];
        const cache = await open();
        await put(cache, 1);
        await put(cache, 101);
        damage();
        expect(get(cache, 1)).toBeUndefined();
        expect(existsSync(fileOf(1))).toBe(false);
        expect(cache.counts.damaged).toBe(1);
        await put(cache, 1);
        expect(get(cache, 1)).toEqual(numbersOf(1));
      }),
      { numRuns: Math.ceil(numRuns / 5) },
    );
  });

  it('is reported once, however many there are', async () => {
    const cache = await open();
    for (const index of [1, 2, 3]) {
      await put(cache, index);
      truncateSync(fileOf(index), 20);
      get(cache, index);
    }
    expect(cache.counts.damaged).toBe(3);
    expect(warnings).toEqual([expect.stringContaining(`${fileOf(1)}: `)]);
  });
});

describe('the limit', () => {
  it('is never passed, whatever is put and read', async () => {
    const action = fc.record({ put: fc.boolean(), index: fc.nat(40) });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 3000 }),
        fc.array(action, { maxLength: 40 }),
        async (limit, actions) => {
          const inside = mkdtempSync(join(folder, 'run-'));
          const cache = await open(limit, inside);
          for (const { put: writes, index } of actions) {
            if (writes) await put(cache, index);
            else expect([undefined, numbersOf(index)]).toContainEqual(get(cache, index));
            expect(bytesIn(inside)).toBeLessThanOrEqual(limit);
          }
        },
      ),
      { numRuns: Math.ceil(numRuns / 5) },
    );
  });

  it('drops the files that were read longest ago', async () => {
    const one = 12 + numbersOf(0).byteLength;
    const cache = await open(10 * one);
    const alike = Array.from({ length: 11 }, (_, i) => i * 100); // of one size
    for (const [order, index] of alike.slice(0, 10).entries()) {
      await put(cache, index);
      utimesSync(fileOf(index), new Date(1000 * order), new Date(1000 * order));
    }
    get(cache, 0);
    await put(cache, 1000);
    expect(alike.filter((index) => !existsSync(fileOf(index)))).toEqual([100, 200]);
    expect(cache.counts.evicted).toBe(2);
  });

  it('that became lower is kept from the start', async () => {
    const cache = await open();
    for (let index = 0; index < 10; index++) await put(cache, index);
    await open(1000);
    expect(bytesIn(folder)).toBeLessThanOrEqual(1000);
    expect(bytesIn(folder)).toBeGreaterThan(500);
  });

  it('spares files that are not the cache’s', async () => {
    mkdirSync(join(folder, 'ab'));
    const others = [join(folder, 'notes.txt'), join(folder, 'ab', 'thesis.tex')];
    for (const path of others) writeFileSync(path, 'x'.repeat(2000));
    const cache = await open(1000);
    for (let index = 0; index < 10; index++) await put(cache, index);
    expect(others.map((path) => statSync(path).size)).toEqual([2000, 2000]);
  });

  it('smaller than a dialogue is said once, and nothing is kept of that dialogue', async () => {
    const cache = await open(150);
    await put(cache, 1);
    await put(cache, 2);
    expect(filesIn(folder)).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining('150 bytes')]);
  });

  it('survives a total that was lost or spoilt', async () => {
    const cache = await open(1000);
    for (let index = 0; index < 20; index++) {
      if (index % 3 === 0) rmSync(join(folder, 'total'), { force: true });
      if (index % 3 === 1) writeFileSync(join(folder, 'total'), '12');
      await put(cache, index);
      expect(bytesIn(folder)).toBeLessThanOrEqual(1000);
    }
  });
});

describe('a disk that fails', () => {
  it.skipIf(process.platform !== 'linux')(
    'by being full is said once; what is there is read on',
    async () => {
      const cache = await open();
      await put(cache, 1);
      symlinkSync('/dev/full', join(folder, 'incoming'));
      await put(cache, 2);
      await put(cache, 3);
      expect(warnings).toEqual([expect.stringMatching(/the disk is full.*the run goes on/)]);
      expect(get(cache, 1)).toEqual(numbersOf(1));
      expect([get(cache, 2), get(cache, 3)]).toEqual([undefined, undefined]);
      expect(cache.counts.written).toBe(1);
    },
  );

  it('by having a file where the folder would be is said once', async () => {
    const taken = join(folder, 'file');
    writeFileSync(taken, '');
    const cache = await open(1e6, taken);
    await put(cache, 1);
    expect(get(cache, 1)).toBeUndefined();
    expect(warnings).toEqual([expect.stringContaining(taken)]);
  });
});

describe('a folder that several share', () => {
  const rounds = Math.ceil(numRuns / 100);

  it('stays under the limit while all write at once, and every file is whole', async () => {
    const caches = await Promise.all([open(4000), open(4000), open(4000)]);
    await Promise.all(
      caches.map(async (cache, first) => {
        for (let i = 0; i < 60; i++) {
          await put(cache, (first * 20 + i) % 60);
          expect(bytesIn(folder)).toBeLessThanOrEqual(4000);
        }
      }),
    );
    const reader = await open(4000);
    const kept = Array.from({ length: 60 }, (_, index) => get(reader, index));
    for (const [index, numbers] of kept.entries()) {
      expect([undefined, numbersOf(index)]).toContainEqual(numbers);
    }
    expect(reader.counts.damaged).toBe(0);
  });

  it(
    'holds whole files under the limit after processes were killed at any moment',
    async () => {
      const limit = 10_000;
      for (let round = 0; round < rounds; round++) {
        await Promise.all(
          [0, 60, 120].map(async (seed, order) => {
            const child = fillingProcess(limit, seed);
            const exit = once(child, 'exit');
            await once(child.stdout, 'data');
            await new Promise((resolve) => setTimeout(resolve, 13 * order + ((17 * round) % 100)));
            child.kill('SIGKILL');
            await exit;
          }),
        );
        expect(bytesIn(folder)).toBeLessThanOrEqual(limit);
      }
      const cache = await open(limit);
      await put(cache, 500);
      expect(warnings).toEqual([]);
      expect(get(cache, 500)).toEqual(numbersOf(500));
      for (let index = 0; index < 200; index++) get(cache, index);
      expect(cache.counts.damaged).toBe(0);
    },
    60_000 + 10_000 * rounds,
  );
});

const SCRIPT = fileURLToPath(new URL('testing/fill-cache.ts', import.meta.url));

function fillingProcess(limit: number, seed: number) {
  const args = ['--import', 'tsx', SCRIPT, folder, String(limit), String(seed)];
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}
