import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CheckpointError } from '../contracts/errors.ts';
import { readFloats } from '../formats/read-tensor.ts';
import type { StreamedTensor } from '../safetensors/write-safetensors.ts';
import { readTensorTable } from './tensor-table.ts';
import { tempFolder } from './testing/folders.ts';
import { writeModelFolder } from './write-model-folder.ts';

/** A tensor of 1, 2, 3, …, a number a piece. */
function counted(name: string, values: number): StreamedTensor {
  async function* pieces() {
    for (let i = 1; i <= values; i++) yield new Uint8Array(Float32Array.of(i).buffer);
  }
  return { name, shape: [values], dtype: 'F32', pieces };
}

const texts = new Map([['config.json', '{}\n']]);
const trio = [counted('a', 4), counted('b', 4), counted('c', 3)];

describe('writeModelFolder', () => {
  it('writes one file, what stands beside it, and says how far it is', async () => {
    const home = tempFolder();
    const source = join(home, 'LICENSE');
    writeFileSync(source, 'free');
    const seen: [number, number][] = [];
    const bytes = await writeModelFolder(
      join(home, 'deep/out'),
      { tensors: trio, texts, copies: new Map([['LICENSE', source]]) },
      { onProgress: (done, total) => seen.push([done, total]) },
    );
    const out = join(home, 'deep/out');
    expect(readdirSync(out)).toEqual(['LICENSE', 'config.json', 'model.safetensors']);
    expect(readFileSync(join(out, 'LICENSE'), 'utf8')).toBe('free');
    expect(readdirSync(join(home, 'deep'))).toEqual(['out']);
    const sizes = readdirSync(out).map((name) => statSync(join(out, name)).size);
    expect(bytes).toBe(sizes.reduce((sum, size) => sum + size, 0));
    expect(seen.at(-1)).toEqual([bytes - 7, bytes]);
    const [first] = (await readTensorTable(out)).values();
    expect(first && [...(await readFloats(first))]).toEqual([1, 2, 3, 4]);
  });

  it('moves tensors into a file of their own, and cuts the others as without that', async () => {
    const home = tempFolder();
    const [plain, out] = [join(home, 'plain'), join(home, 'out')];
    await writeModelFolder(plain, { tensors: trio, texts }, { shardBytes: 16 });
    const moved = new Map([['b', counted('b', 2)]]);
    await writeModelFolder(out, { tensors: trio, moved, texts }, { shardBytes: 16 });
    const bytesOf = (dir: string, file: string) =>
      readFileSync(join(dir, `model-0000${file}.safetensors`));
    expect(bytesOf(out, '1-of-00004')).toEqual(bytesOf(plain, '1-of-00003'));
    expect(bytesOf(out, '3-of-00004')).toEqual(bytesOf(plain, '3-of-00003'));
    const table = await readTensorTable(out);
    expect([...table.keys()].sort()).toEqual(['a', 'b', 'c']);
    expect(table.get('b')).toMatchObject({
      shape: [2],
      path: join(out, 'model-00004-of-00004.safetensors'),
    });
  });

  it('shares weights out to shards of a size, under an index', async () => {
    const out = join(tempFolder(), 'out');
    const large = counted('d', 9);
    await writeModelFolder(out, { tensors: [...trio, large], texts }, { shardBytes: 32 });
    expect(readdirSync(out)).toEqual([
      'config.json',
      'model-00001-of-00003.safetensors',
      'model-00002-of-00003.safetensors',
      'model-00003-of-00003.safetensors',
      'model.safetensors.index.json',
    ]);
    const index = JSON.parse(readFileSync(join(out, 'model.safetensors.index.json'), 'utf8'));
    expect(index.metadata.total_size).toBe(80);
    expect(Object.values(index.weight_map).map((file) => String(file)[10])).toEqual([...'1123']);
    const table = await readTensorTable(out);
    expect([...table.values()].map(({ name, shape }) => [name, ...shape])).toEqual([
      ['a', 4],
      ['b', 4],
      ['c', 3],
      ['d', 9],
    ]);
  });

  it('leaves nothing when it is stopped', async () => {
    const home = tempFolder();
    const stop = new AbortController();
    const writing = writeModelFolder(
      join(home, 'out'),
      { tensors: trio, texts },
      { signal: stop.signal, onProgress: () => stop.abort() },
    );
    await expect(writing).rejects.toThrow(/aborted/);
    await expect(writing).rejects.not.toBeInstanceOf(CheckpointError);
    expect(readdirSync(home)).toEqual([]);
  });

  it('leaves nothing when a tensor can not be had', async () => {
    const home = tempFolder();
    async function* pieces() {
      yield new Uint8Array(4);
      throw new CheckpointError('x', 'gone.');
    }
    const tensors = [...trio, { ...counted('e', 2), pieces }];
    await expect(writeModelFolder(join(home, 'out'), { tensors, texts })).rejects.toThrow('gone');
    expect(readdirSync(home)).toEqual([]);
  });

  it('leaves what is already there', async () => {
    const out = join(tempFolder(), 'out');
    mkdirSync(out);
    const writing = writeModelFolder(out, { tensors: trio, texts });
    await expect(writing).rejects.toThrow(/already there/);
    expect(readdirSync(out)).toEqual([]);
  });

  it('asks the disk for room first', async () => {
    const home = tempFolder();
    const huge = { ...counted('h', 0), shape: [2 ** 46] };
    const writing = writeModelFolder(join(home, 'out'), { tensors: [huge], texts });
    await expect(writing).rejects.toThrow(/needs 262144.00 GiB and the disk has .* GiB free/);
    expect(readdirSync(home)).toEqual([]);
  });

  it('does not take a tensor that comes short', async () => {
    const home = tempFolder();
    const short = { ...counted('s', 2), shape: [3] };
    const writing = writeModelFolder(join(home, 'out'), { tensors: [short], texts });
    await expect(writing).rejects.toThrow(/s came 4 bytes short/);
    expect(readdirSync(home)).toEqual([]);
  });
});
