import {
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../checkpoint/testing/folders.ts';
import type { MemoryTensor, TensorRef, WeightRef } from '../contracts/checkpoint.ts';
import { CheckpointError } from '../contracts/errors.ts';
import { floatsOf, floatTensor, intTensor } from '../contracts/session.ts';
import { readFloats } from '../formats/read-tensor.ts';
import { linear } from '../graph/blocks/linear.ts';
import { embedding, floats } from '../graph/blocks/stored-rows.ts';
import { createGraph, type Graph, input, output } from '../graph/graph.ts';
import { readSafetensorsHeader } from '../safetensors/safetensors.ts';
import { type StoredTensor, writeSafetensors } from '../safetensors/testing/write-safetensors.ts';
import { createSession } from './session.ts';

const SETTINGS = { device: 'cpu', threads: 1 } as const;

/** Every number that 16 bits can hold. */
const HALVES = Uint16Array.from({ length: 65_536 }, (_, bits) => bits);
const f32 = (rows: number): StoredTensor => ({
  dtype: 'F32',
  shape: [rows, 4],
  data: Float32Array.from({ length: rows * 4 }, (_, i) => Math.sin(i) * 10 ** ((i % 60) - 30)),
});

async function refIn(path: string, name = 'w'): Promise<TensorRef> {
  return (await readSafetensorsHeader(path)).get(name) as TensorRef;
}

function written(tensors: Readonly<Record<string, StoredTensor>>): string {
  const path = join(tempFolder(), 'weights.safetensors');
  writeSafetensors(path, tensors);
  return path;
}

/** The table's rows as a pass picks them, and the whole table as matrices are read. */
function readingGraph(ref: TensorRef): Graph {
  const graph = createGraph('reading');
  output('rows', embedding(ref, input(graph, 'ids', 'int32', ['n'])));
  output('whole', floats(graph, ref));
  return graph;
}

/** Both ways through a session give what `readFloats` reads. */
async function expectBound(ref: TensorRef): Promise<void> {
  const [count, width] = ref.shape as [number, number];
  const session = await createSession(readingGraph(ref), SETTINGS);
  const ids = intTensor(Int32Array.from({ length: count }, (_, i) => count - 1 - i));
  const result = await session.run({ ids }, ['rows', 'whole']);
  await session.dispose();
  const expected = await readFloats(ref);
  expect(floatsOf(result, 'whole')).toEqual(expected);
  const backwards = Array.from({ length: count }, (_, i) => count - 1 - i).flatMap((row) => [
    ...expected.subarray(row * width, (row + 1) * width),
  ]);
  expect(floatsOf(result, 'rows')).toEqual(Float32Array.from(backwards));
}

describe('weights are bound to the values of their file', () => {
  it('F32', async () => {
    await expectBound(await refIn(written({ other: f32(3), w: f32(50), last: f32(1) })));
  });

  it.each(['F16', 'BF16'] as const)('%s, in every pattern of bits', async (dtype) => {
    await expectBound(await refIn(written({ w: { dtype, shape: [16_384, 4], data: HALVES } })));
  });

  it('F32 that begins at an odd place', async () => {
    const odd = { dtype: 'BF16', shape: [1], data: HALVES.slice(0, 1) };
    const ref = await refIn(written({ odd, w: f32(50) }));
    expect(ref.offset % 4).toBe(2);
    await expectBound(ref);
  });

  it.each(['a b', 'gewichte-ü-模型-🙂', '100% #1 [x] \'"&;', 'back\u0301'])(
    'in a folder called %s',
    async (name) => {
      const folder = join(tempFolder(), name);
      mkdirSync(folder);
      const path = join(folder, `${name}.safetensors`);
      writeSafetensors(path, { w: f32(5) });
      await expectBound(await refIn(path));
    },
  );

  it('through a link to the file, and through a link to its folder', async () => {
    const path = written({ w: f32(5) });
    const [file, folder] = [join(tempFolder(), 'link.safetensors'), join(tempFolder(), 'link')];
    symlinkSync(path, file);
    symlinkSync(dirname(path), folder);
    await expectBound(await refIn(file));
    await expectBound(await refIn(join(folder, 'weights.safetensors')));
  });

  it('of two files in one graph, though their tensors have one name', async () => {
    const refs = await Promise.all(
      [written({ w: f32(2) }), written({ w: f32(9) })].map((p) => refIn(p)),
    );
    const graph = createGraph('both');
    for (const [index, ref] of refs.entries()) output(`w${index}`, floats(graph, ref));
    const session = await createSession(graph, SETTINGS);
    const result = await session.run({}, ['w0', 'w1']);
    await session.dispose();
    for (const [index, ref] of refs.entries()) {
      expect(floatsOf(result, `w${index}`)).toEqual(await readFloats(ref));
    }
  });
});

describe('weights in memory', () => {
  const held = (name: string, data: Float32Array, shape: readonly number[]): MemoryTensor => ({
    ...{ name, dtype: 'F32', shape, data },
  });
  const WIDTH = 48;
  const numbers = Float32Array.from({ length: WIDTH * WIDTH }, (_, i) => Math.sin(7 * i));
  /** x [n, WIDTH] by a matrix, beside one of a file. */
  async function product(matrix: WeightRef, other: WeightRef): Promise<Float32Array> {
    const graph = createGraph('product');
    const x = input(graph, 'x', 'float32', ['n', WIDTH]);
    output('y', linear(linear(x, { weight: matrix }), { weight: other }));
    const session = await createSession(graph, SETTINGS);
    const rows = Float32Array.from({ length: 3 * WIDTH }, (_, i) => Math.cos(i));
    const result = await session.run({ x: floatTensor(rows, [3, WIDTH]) }, ['y']);
    await session.dispose();
    return floatsOf(result, 'y');
  }

  it('give the same bits as in a file, beside others that are in one', async () => {
    const shape = [WIDTH, WIDTH];
    const ref = await refIn(written({ w: { dtype: 'F32', shape, data: numbers } }));
    expect(await product(held('m', numbers, shape), ref)).toEqual(await product(ref, ref));
  });

  it('are taken as they are when the session is made', async () => {
    const data = Float32Array.of(1, 2);
    const graph = createGraph('held');
    output('w', floats(graph, held('w', data, [2])));
    const session = await createSession(graph, SETTINGS);
    data.fill(9);
    expect(floatsOf(await session.run({}, ['w']), 'w')).toEqual(Float32Array.of(1, 2));
    await session.dispose();
  });
});

it.skipIf(process.platform !== 'linux')('weights are mapped from their own file', async () => {
  const path = written({ w: f32(100_000) });
  const session = await createSession(readingGraph(await refIn(path)), SETTINGS);
  expect(readFileSync('/proc/self/maps', 'utf8')).toContain(path);
  await session.dispose();
  expect(readFileSync('/proc/self/maps', 'utf8')).not.toContain(path);
});

describe('a file that changed after its header was read is a CheckpointError', () => {
  const damages: [what: string, damage: (path: string) => void, problem: RegExp][] = [
    ['cut short', (path) => truncateSync(path, 200), /ends inside tensor w; fetch it again/],
    ['empty', (path) => truncateSync(path, 0), /ends inside tensor w; fetch it again/],
    ['gone', unlinkSync, /can no longer be read; load the model again/],
    [
      'renamed',
      (path) => renameSync(path, `${path}.old`),
      /can no longer be read; load the model again/,
    ],
  ];

  it.each(damages)('%s', async (_, damage, problem) => {
    const path = written({ w: f32(5_000) });
    const graph = readingGraph(await refIn(path));
    damage(path);
    const error: unknown = await createSession(graph, SETTINGS).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CheckpointError);
    expect((error as CheckpointError).path).toBe(path);
    expect((error as CheckpointError).message).toMatch(problem);
  });
});
