import { readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CheckpointError } from '../contracts/errors.ts';
import { readTensorTable } from './tensor-table.ts';
import { copyOf, LLAVA_GQA, setFieldsOf, TINY_TARGET, tempFolder } from './testing/folders.ts';
import { writeSafetensors } from './testing/write-safetensors.ts';

const INDEX = 'model.safetensors.index.json';
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

  it('follows the links of a hub cache out of the folder', async () => {
    const dir = copyOf(LLAVA_GQA);
    const blobs = tempFolder();
    renameSync(join(dir, FIRST), join(blobs, 'abc'));
    symlinkSync(join(blobs, 'abc'), join(dir, FIRST));
    expect((await readTensorTable(dir)).size).toBe((await readTensorTable(LLAVA_GQA)).size);
  });

  it('says which files it looked for', async () => {
    expect(await refusal(tempFolder())).toContain(`neither model.safetensors nor ${INDEX}`);
  });

  it('says that it can not read pytorch_model.bin', async () => {
    const dir = tempFolder();
    writeFileSync(join(dir, 'pytorch_model.bin'), '');
    expect(await refusal(dir)).toContain('the weights are in pytorch_model.bin');
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

  it.each(['../a.safetensors', '/etc/passwd', 'b/../a', '..', '', 'a\\b', 'a\u0000b', 5])(
    'refuses a shard at %j',
    async (shard) => {
      const dir = copyOf(LLAVA_GQA);
      setFieldsOf(join(dir, INDEX), 'weight_map', { 'extra.weight': shard });
      expect(await refusal(dir)).toContain('weight_map does not give each tensor a file');
    },
  );

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
