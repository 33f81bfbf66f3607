import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TensorTable } from '../contracts/checkpoint.ts';
import { CheckpointError } from '../contracts/errors.ts';
import { writePytorch } from '../pytorch/testing/write-pytorch.ts';
import { writeSafetensors } from '../safetensors/testing/write-safetensors.ts';
import { readTensorTable } from './tensor-table.ts';
import { copyOf, LLAVA_GQA, setFieldsOf, TINY_TARGET, tempFolder } from './testing/folders.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);

const INDEX = 'model.safetensors.index.json';
const BIN_INDEX = 'pytorch_model.bin.index.json';
const FIRST = 'model-00001-of-00002.safetensors';
const SECOND = 'model-00002-of-00002.safetensors';

async function refusal(dir: string): Promise<string> {
  const error: unknown = await readTensorTable(dir).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(CheckpointError);
  return (error as CheckpointError).message;
}

describe('readTensorTable', () => {
  it('reads a folder of one file', async () => {
    const table = await readTensorTable(TINY_TARGET);
    expect(table.size).toBe(123);
    expect(table.get('language_model.lm_head.weight')?.shape).toEqual([1024, 160]);
  });

  it('reads every tensor of every shard that the index names', async () => {
    const index: { weight_map: object } = JSON.parse(readFileSync(join(LLAVA_GQA, INDEX), 'utf8'));
    const table = await readTensorTable(LLAVA_GQA);
    expect([...table.keys()].sort()).toEqual(Object.keys(index.weight_map).sort());
    expect(table.get('language_model.model.norm.weight')?.path).toContain(SECOND);
  });

  it('says which files it looked for', async () => {
    expect(await refusal(tempFolder())).toContain(
      `none of model.safetensors, ${INDEX}, pytorch_model.bin, ${BIN_INDEX}`,
    );
  });

  it('says that a file is no folder', async () => {
    expect(await refusal(join(TINY_TARGET, 'config.json'))).toContain('not a folder');
  });

  it('names a link that leads nowhere', async () => {
    const dir = tempFolder();
    symlinkSync(join(dir, 'gone'), join(dir, 'model.safetensors'));
    expect(await refusal(dir)).toContain(
      `${join(dir, 'model.safetensors')}: there is no such file`,
    );
  });

  it('names a missing shard', async () => {
    const dir = copyOf(LLAVA_GQA);
    rmSync(join(dir, SECOND));
    expect(await refusal(dir)).toContain(`${join(dir, SECOND)}: there is no such file`);
  });

  it('names a tensor that is in no shard', async () => {
    const dir = copyOf(LLAVA_GQA);
    setFieldsOf(join(dir, INDEX), 'weight_map', { 'extra.weight': FIRST });
    expect(await refusal(dir)).toContain(`tensor "extra.weight" is not in ${FIRST}`);
  });

  it('names a tensor that is in another shard than the index says', async () => {
    const dir = copyOf(LLAVA_GQA);
    setFieldsOf(join(dir, INDEX), 'weight_map', { 'language_model.model.norm.weight': FIRST });
    expect(await refusal(dir)).toContain('"language_model.model.norm.weight", placed elsewhere');
  });

  it('names a tensor of a shard that the index does not know', async () => {
    const dir = copyOf(LLAVA_GQA);
    setFieldsOf(join(dir, INDEX), 'weight_map', { 'language_model.model.norm.weight': undefined });
    expect(await refusal(dir)).toContain('"language_model.model.norm.weight", placed elsewhere');
  });

  it('does not miss the buffers that are left out', async () => {
    const dir = tempFolder();
    const position = { dtype: 'I64', shape: [1], data: new BigInt64Array(1) };
    const weight = { dtype: 'F32', shape: [1], data: new Float32Array(1) };
    writeSafetensors(join(dir, 'a.safetensors'), { 'tower.position_ids': position, w: weight });
    const weight_map = { 'tower.position_ids': 'a.safetensors', w: 'a.safetensors' };
    writeFileSync(join(dir, INDEX), JSON.stringify({ weight_map }));
    expect([...(await readTensorTable(dir)).keys()]).toEqual(['w']);
  });

  it.each([
    '../a.safetensors',
    '/etc/passwd',
    'b/../a.safetensors',
    'b/a.safetensors',
    'a\\b.safetensors',
    'a\u0000b.safetensors',
    '..',
    '.safetensors',
    '',
    INDEX,
    'pytorch_model.bin',
    5,
  ])('refuses a shard at %j', async (shard) => {
    const dir = copyOf(LLAVA_GQA);
    setFieldsOf(join(dir, INDEX), 'weight_map', { 'extra.weight': shard });
    expect(await refusal(dir)).toContain('weight_map does not give each tensor a weight file');
  });

  it('refuses two shards with one tensor', async () => {
    const dir = copyOf(LLAVA_GQA);
    copyFileSync(join(dir, FIRST), join(dir, 'again.safetensors'));
    setFieldsOf(join(dir, INDEX), 'weight_map', { 'extra.weight': 'again.safetensors' });
    expect(await refusal(dir)).toContain('shard again.safetensors holds tensor');
  });

  it('refuses an index that names a tensor twice', async () => {
    const dir = tempFolder();
    writeFileSync(join(dir, INDEX), '{"weight_map":{"a":"x.safetensors","a":"y.safetensors"}}');
    expect(await refusal(dir)).toContain('key "a" twice');
  });

  it('refuses an index without a map', async () => {
    const dir = tempFolder();
    writeFileSync(join(dir, INDEX), '[]');
    expect(await refusal(dir)).toContain('weight_map');
  });
});

describe('readTensorTable of pytorch_model.bin', () => {
  const one = (value: number) => ({ dtype: 'F32', shape: [1], data: Float32Array.of(value) });

  it('reads a folder of one file', async () => {
    const dir = tempFolder();
    writePytorch(join(dir, 'pytorch_model.bin'), { w: one(1) });
    expect([...(await readTensorTable(dir)).keys()]).toEqual(['w']);
  });

  it('reads the shards of its index', async () => {
    const dir = tempFolder();
    writePytorch(join(dir, 'pytorch_model-00001-of-00002.bin'), { a: one(1) });
    writePytorch(join(dir, 'pytorch_model-00002-of-00002.bin'), { b: one(2) });
    const weight_map = {
      a: 'pytorch_model-00001-of-00002.bin',
      b: 'pytorch_model-00002-of-00002.bin',
      'rotary_emb.inv_freq': 'pytorch_model-00002-of-00002.bin',
    };
    writeFileSync(join(dir, BIN_INDEX), JSON.stringify({ weight_map }));
    expect([...(await readTensorTable(dir)).keys()]).toEqual(['a', 'b']);
  });

  it.each([BIN_INDEX, 'model.safetensors', '../pytorch_model.bin'])(
    'refuses a shard at %j',
    async (shard) => {
      const dir = tempFolder();
      writeFileSync(join(dir, BIN_INDEX), JSON.stringify({ weight_map: { w: shard } }));
      expect(await refusal(dir)).toContain('weight_map does not give each tensor a weight file');
    },
  );

  it('prefers safetensors, whole or in shards, and one file to shards', async () => {
    const dir = tempFolder();
    const shardName = 'shard.safetensors';
    const files: [name: string, write: (path: string) => void][] = [
      [BIN_INDEX, (path) => writeFileSync(path, '{"weight_map":{"d":"shard.bin"}}')],
      ['pytorch_model.bin', (path) => writePytorch(path, { c: one(3) })],
      [INDEX, (path) => writeFileSync(path, `{"weight_map":{"b":"${shardName}"}}`)],
      ['model.safetensors', (path) => writeSafetensors(path, { a: one(1) })],
    ];
    writePytorch(join(dir, 'shard.bin'), { d: one(4) });
    writeSafetensors(join(dir, shardName), { b: one(2) });
    const found: (string | undefined)[] = [];
    for (const [name, write] of files) {
      write(join(dir, name));
      found.push([...(await readTensorTable(dir)).keys()][0]);
    }
    expect(found).toEqual(['d', 'c', 'b', 'a']);
  });
});

describe('readTensorTable and links', () => {
  const HASH = 'ab'.repeat(32);

  /** A cache in the layout of huggingface_hub, its weights behind a link. */
  function cache(): { snapshot: string; blob: string } {
    const model = join(tempFolder(), 'models--owner--name');
    const snapshot = join(model, 'snapshots', 'cd'.repeat(20));
    mkdirSync(snapshot, { recursive: true });
    mkdirSync(join(model, 'blobs'));
    const blob = join(model, 'blobs', HASH);
    copyFileSync(join(TINY_TARGET, 'model.safetensors'), blob);
    symlinkSync(`../../blobs/${HASH}`, join(snapshot, 'model.safetensors'));
    return { snapshot, blob };
  }

  it('follows those of a hub cache, from its snapshot and from elsewhere', async () => {
    const { snapshot, blob } = cache();
    expect((await readTensorTable(snapshot)).size).toBe(123);
    const dir = tempFolder();
    symlinkSync(blob, join(dir, 'model.safetensors'));
    expect((await readTensorTable(dir)).size).toBe(123);
    const folder = join(tempFolder(), 'link');
    symlinkSync(snapshot, folder);
    expect((await readTensorTable(folder)).size).toBe(123);
  });

  it('follows those within the folder', async () => {
    const dir = copyOf(LLAVA_GQA);
    mkdirSync(join(dir, 'weights'));
    renameSync(join(dir, FIRST), join(dir, 'weights', 'first'));
    symlinkSync(join('weights', 'first'), join(dir, FIRST));
    expect((await readTensorTable(dir)).size).toBe((await readTensorTable(LLAVA_GQA)).size);
  });

  it.each(['model.safetensors', FIRST, 'pytorch_model.bin'])(
    'does not follow %s out of the folder',
    async (name) => {
      const dir = tempFolder();
      const outside = join(tempFolder(), `${HASH}`);
      copyFileSync(join(TINY_TARGET, 'model.safetensors'), outside);
      writeFileSync(join(dir, INDEX), JSON.stringify({ weight_map: { w: FIRST } }));
      if (name === 'pytorch_model.bin') rmSync(join(dir, INDEX));
      symlinkSync(outside, join(dir, name));
      expect(await refusal(dir)).toContain('the link leads out of its folder');
    },
  );

  it('does not follow one into a folder whose name begins alike', async () => {
    const parent = tempFolder();
    for (const name of ['model', 'model-b']) mkdirSync(join(parent, name));
    const outside = join(parent, 'model-b', 'w');
    copyFileSync(join(TINY_TARGET, 'model.safetensors'), outside);
    symlinkSync(outside, join(parent, 'model', 'model.safetensors'));
    expect(await refusal(join(parent, 'model'))).toContain('leads out of its folder');
  });

  it('names links that lead in a circle', async () => {
    const dir = tempFolder();
    symlinkSync('pytorch_model.bin', join(dir, 'model.safetensors'));
    symlinkSync('model.safetensors', join(dir, 'pytorch_model.bin'));
    expect(await refusal(dir)).toContain('lead in a circle');
  });
});

describe('readTensorTable under fuzzing', { timeout: 60_000 + 100 * numRuns }, () => {
  const shard = fc.oneof(
    fc.constantFrom('a.bin', 'b.bin', 'c.bin', BIN_INDEX, '../a.bin', '/dev/zero', 'link.bin'),
    fc.string(),
    fc.jsonValue(),
  );
  const name = fc.oneof(fc.constantFrom('a', 'b', '__proto__', 'position_ids'), fc.string());
  const index = fc.oneof(
    fc.dictionary(name, shard).map((weight_map) => JSON.stringify({ weight_map })),
    fc.jsonValue().map((value) => JSON.stringify(value)),
    fc.string(),
  );

  it('gives tensors of the folder or a CheckpointError, whatever the index', async () => {
    const dir = tempFolder();
    const weight = { dtype: 'F32', shape: [1], data: new Float32Array(1) };
    writePytorch(join(dir, 'a.bin'), { a: weight });
    writePytorch(join(dir, 'b.bin'), { b: weight });
    symlinkSync('/dev/zero', join(dir, 'link.bin'));
    await fc.assert(
      fc.asyncProperty(index, async (text) => {
        writeFileSync(join(dir, BIN_INDEX), text);
        const outcome = await readTensorTable(dir).catch((error: unknown) => error);
        if (outcome instanceof CheckpointError) return;
        expect(outcome).toBeInstanceOf(Map);
        const files = [...(outcome as TensorTable).values()].map(({ path }) => basename(path));
        for (const file of files) expect(['a.bin', 'b.bin']).toContain(file);
      }),
      { numRuns },
    );
  });
});
