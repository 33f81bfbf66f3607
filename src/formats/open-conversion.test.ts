import { execFile } from 'node:child_process';
import {
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../checkpoint/testing/folders.ts';
import type { Product } from '../contracts/checkpoint.ts';
import { NonFiniteWeightError } from '../contracts/errors.ts';
import { f32, stored } from '../graph/testing/stored.ts';
import {
  type ConversionPlace,
  type ConversionProgress,
  openConversion,
} from './open-conversion.ts';
import type { ConversionPlan } from './plan-conversion.ts';

type How = Pick<ConversionPlace, 'eightBits' | 'now'>;
const quiet: ConversionProgress = () => {};
const filesIn = (folder: string) =>
  readdirSync(folder).filter((name) => name.endsWith('.safetensors'));
const filled = (rows: number, into: number, of = (i: number) => Math.sin(i)) =>
  f32(
    [rows, into],
    Float32Array.from({ length: rows * into }, (_, i) => of(i)),
  );

const SIGNED = { eightBits: 'signed', now: new Date(0) } as const;
const open = (products: readonly Product[], folder: string, told = quiet, how: How = SIGNED) =>
  openConversion('w8a8', products, { folder, model: tempFolder(), ...how }, told);

const pathOf = ({ products }: ConversionPlan) => products[0]?.parts.panels?.path ?? '';

describe('openConversion', () => {
  it('makes the file once, and tells how far it is', async () => {
    const { a } = await stored({ a: filled(70, 5) });
    const folder = tempFolder();
    const told: number[][] = [];
    const plan = await open([{ matrices: [a] }], folder, (_, done, total) =>
      told.push([done, total]),
    );
    expect(told.at(-1)).toEqual([plan.bytes, plan.bytes]);
    expect(statSync(pathOf(plan)).size).toBe(plan.bytes);
    await open([{ matrices: [a] }], folder, () => expect.unreachable('it was made again'));
    expect(filesIn(folder)).toHaveLength(1);
  });

  it('makes it again where the file was cut short or the weights changed', async () => {
    const { a } = await stored({ a: filled(70, 5) });
    const folder = tempFolder();
    const remade = async (): Promise<number> => {
      let pieces = 0;
      await open([{ matrices: [a] }], folder, () => pieces++);
      return pieces;
    };
    const path = pathOf(await open([{ matrices: [a] }], folder));
    truncateSync(path, 100);
    expect(await remade()).toBeGreaterThan(0);

    const [bytes, { atime, mtime }] = [readFileSync(a.path), statSync(a.path)];
    bytes[a.offset] = (bytes[a.offset] as number) ^ 1;
    writeFileSync(a.path, bytes);
    utimesSync(a.path, atime, mtime); // as archives with fixed times do
    expect(await remade()).toBeGreaterThan(0);
  });

  it('is another file for a processor that multiplies unsigned numbers, of the same weights from 0 on', async () => {
    const { a } = await stored({ a: filled(70, 5) });
    const folder = tempFolder();
    const bytesOf = (plan: ConversionPlan) => {
      const { panels } = plan.products[0]?.parts ?? {};
      if (panels === undefined) throw new Error('a product has panels');
      return readFileSync(panels.path).subarray(panels.offset, panels.offset + panels.bytes);
    };
    const signed = bytesOf(await open([{ matrices: [a] }], folder));
    const how = { ...SIGNED, eightBits: 'unsigned' } as const;
    const unsigned = bytesOf(await open([{ matrices: [a] }], folder, quiet, how));
    expect(filesIn(folder)).toHaveLength(2);
    expect([...new Int8Array(signed)].map((whole) => whole + 128)).toEqual([...unsigned]);
  });

  it('is made where its record can not be', async () => {
    const { a } = await stored({ a: filled(70, 5) });
    const folder = tempFolder();
    const first = await open([{ matrices: [a] }], folder);
    const model = join(folder, 'no such folder');
    const again = { ...SIGNED, folder, model };
    expect((await openConversion('w8a8', [{ matrices: [a] }], again, quiet)).bytes).toBe(
      first.bytes,
    );
  });

  it('refuses NaN and leaves nothing', async () => {
    const { a } = await stored({ a: filled(3, 4, (i) => (i === 7 ? Number.NaN : i)) });
    const folder = tempFolder();
    await expect(open([{ matrices: [a] }], folder)).rejects.toThrow(NonFiniteWeightError);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('clears away what a killed process left, and nothing of one that lives', async () => {
    const { a } = await stored({ a: filled(3, 4) });
    const folder = tempFolder();
    const dead = await new Promise<number>((resolve) => {
      const child = execFile(process.execPath, ['-e', ''], () => resolve(child.pid as number));
    });
    const left = (pid: number) => `x.safetensors.${hostname()}-${pid}-aaaa.part`;
    for (const pid of [dead, process.ppid]) writeFileSync(join(folder, left(pid)), 'half');
    await open([{ matrices: [a] }], folder);
    const parts = readdirSync(folder).filter((name) => name.endsWith('.part'));
    expect(parts).toEqual([left(process.ppid)]);
  });

  it.runIf(existsSync('/proc/self'))('says so where no folder can be made', async () => {
    const { a } = await stored({ a: filled(3, 4) });
    await expect(open([{ matrices: [a] }], '/proc/msd/weights')).rejects.toThrow(
      /^\/proc\/msd\/weights: .*set MSD_CACHE to a folder where it can\.$/,
    );
  });
});
