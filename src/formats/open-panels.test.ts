import { execFile } from 'node:child_process';
import {
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../checkpoint/testing/folders.ts';
import { PANEL_COLUMNS, type TensorRef } from '../contracts/checkpoint.ts';
import { NonFiniteWeightError } from '../contracts/errors.ts';
import { size } from '../graph/testing/random.ts';
import { f32, stored } from '../graph/testing/stored.ts';
import { openPanels } from './open-panels.ts';
import { type PanelsPlan, withEightBits } from './plan-panels.ts';
import { readFloats } from './read-tensor.ts';

const quiet = () => {};
const placeIn = (folder: string) => ({ folder, model: tempFolder(), now: new Date(0) });
const panelsIn = (folder: string) =>
  readdirSync(folder).filter((name) => name.endsWith('.safetensors'));
const filled = (rows: number, into: number, of = (i: number) => Math.sin(i)) =>
  f32(
    [rows, into],
    Float32Array.from({ length: rows * into }, (_, i) => of(i)),
  );

/** The numbers that a copy stands for: [out, in] */
async function readBack({ eightBit }: TensorRef, rows: number, into: number): Promise<number[][]> {
  if (eightBit === undefined) throw new Error('there is no copy');
  const { panels, first } = eightBit;
  const file = readFileSync(panels.path);
  const steps = await readFloats(eightBit.steps);
  return Array.from({ length: rows }, (_, row) => {
    const column = first + row;
    const panel = panels.offset + Math.floor(column / PANEL_COLUMNS) * into * PANEL_COLUMNS;
    return Array.from({ length: into }, (_, i) => {
      const whole = file.readInt8(panel + i * PANEL_COLUMNS + (column % PANEL_COLUMNS));
      return whole * (steps[column] as number);
    });
  });
}

const copyOf = ({ products }: PanelsPlan, ref: TensorRef) =>
  withEightBits(new Map([['it', ref]]), { products }).get('it') as TensorRef;

describe('openPanels', () => {
  it('keeps every number of neighbours to half a step of its own row', async () => {
    const sizes = fc.tuple(size(150), size(90), size(20));
    const property = fc.asyncProperty(sizes, async ([a, b, into]) => {
      const refs = await stored({ a: filled(a, into), b: filled(b, into, (i) => i % 7) });
      const plan = await openPanels([[refs.a, refs.b]], placeIn(tempFolder()), quiet);
      for (const [ref, rows] of [
        [refs.a, a],
        [refs.b, b],
      ] as const) {
        const want = await readFloats(ref);
        const got = await readBack(copyOf(plan, ref), rows, into);
        for (let row = 0; row < rows; row++) {
          const line = [...want.subarray(row * into, (row + 1) * into)];
          const step = Math.max(...line.map(Math.abs)) / 127;
          const off = line.map((x, i) => Math.abs(x - (got[row]?.[i] as number)));
          expect(Math.max(...off), `row ${row}`).toBeLessThanOrEqual(step * 0.5001);
        }
      }
    });
    await fc.assert(property, { numRuns: 30 });
  });

  it('gives halves the numbers that they stand for', async () => {
    const bits = Uint16Array.from({ length: 8 * 6 }, (_, i) => 0x3800 + i * 0x11);
    for (const dtype of ['F16', 'BF16'] as const) {
      const { half } = await stored({ half: { dtype, shape: [8, 6], data: bits } });
      const wide = await readFloats(half);
      const { whole } = await stored({ whole: f32([8, 6], wide) });
      const folder = tempFolder();
      const [a, b] = [
        await openPanels([[half]], placeIn(folder), quiet),
        await openPanels([[whole]], placeIn(folder), quiet),
      ];
      expect(await readBack(copyOf(a, half), 8, 6), dtype).toEqual(
        await readBack(copyOf(b, whole), 8, 6),
      );
    }
  });

  it('makes the file once, and tells how far it is', async () => {
    const { a } = await stored({ a: filled(70, 5) });
    const folder = tempFolder();
    const told: number[][] = [];
    const plan = await openPanels([[a]], placeIn(folder), (_, done, total) =>
      told.push([done, total]),
    );
    expect(told.at(-1)).toEqual([plan.bytes, plan.bytes]);
    expect(statSync(plan.products[0]?.panels.path ?? '').size).toBe(plan.bytes);
    await openPanels([[a]], placeIn(folder), () => expect.unreachable('it was made again'));
    expect(panelsIn(folder)).toHaveLength(1);
  });

  it('makes it again where the file was cut short or the weights changed', async () => {
    const { a } = await stored({ a: filled(70, 5) });
    const folder = tempFolder();
    const remade = async (): Promise<number> => {
      let pieces = 0;
      await openPanels([[a]], placeIn(folder), () => pieces++);
      return pieces;
    };
    const path = (await openPanels([[a]], placeIn(folder), quiet)).products[0]?.panels.path ?? '';
    truncateSync(path, 100);
    expect(await remade()).toBeGreaterThan(0);

    const [bytes, { atime, mtime }] = [readFileSync(a.path), statSync(a.path)];
    bytes[a.offset] = (bytes[a.offset] as number) ^ 1;
    writeFileSync(a.path, bytes);
    utimesSync(a.path, atime, mtime); // as archives with fixed times do
    expect(await remade()).toBeGreaterThan(0);
  });

  it('is made where its record can not be', async () => {
    const { a } = await stored({ a: filled(70, 5) });
    const folder = tempFolder();
    const first = await openPanels([[a]], placeIn(folder), quiet);
    const model = join(folder, 'no such folder');
    const again = { folder, model, now: new Date() };
    expect((await openPanels([[a]], again, quiet)).bytes).toBe(first.bytes);
  });

  it('refuses NaN and leaves nothing', async () => {
    const { a } = await stored({ a: filled(3, 4, (i) => (i === 7 ? Number.NaN : i)) });
    const folder = tempFolder();
    await expect(openPanels([[a]], placeIn(folder), quiet)).rejects.toThrow(NonFiniteWeightError);
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
    await openPanels([[a]], placeIn(folder), quiet);
    const parts = readdirSync(folder).filter((name) => name.endsWith('.part'));
    expect(parts).toEqual([left(process.ppid)]);
  });
});
