import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelFolder } from '../checkpoint/model-folder.ts';
import { CheckpointError } from '../contracts/errors.ts';
import type { ModelFolder } from '../contracts/model-folder.ts';
import { PICTURE_FAMILIES, TEXT_FAMILIES } from '../engine/testing/family-fixture.ts';
import { repositoryPath } from '../input/node/testing/read-goldens.ts';
import { readTarget } from './read-target.ts';

const PLACE = 'https://models.example/one';
const SMOLVLM = repositoryPath('fixtures/families/smolvlm');

type Json = Record<string, unknown>;

/** What a page has of a model that it fetched: parsed files and a table of tensors. */
async function fetched(dir: string, changed: Json = {}): Promise<ModelFolder> {
  const names = readdirSync(dir).filter((name) => name.endsWith('.json'));
  const parsed = names.map((name) => [name, JSON.parse(readFileSync(join(dir, name), 'utf8'))]);
  const files: Json = { ...Object.fromEntries(parsed), ...changed };
  const disk = modelFolder(dir);
  const table = await disk.tensors();
  return {
    path: PLACE,
    names: async () => [PLACE],
    json: async (file) => ({ path: `${PLACE}/${file}`, value: files[file] }),
    text: disk.text,
    tensors: async () => table,
    fingerprint: async () => 'as fetched',
    tower: async () => expect.unreachable('no published folder names a tower'),
  };
}

describe('a target whose files are handed over', () => {
  it.each([...PICTURE_FAMILIES, ...TEXT_FAMILIES])('is that of the folder: %s', async (name) => {
    const dir = repositoryPath(`fixtures/families/${name}`);
    const { preprocessor, ...target } = await readTarget(modelFolder(dir));
    expect(await readTarget(await fetched(dir))).toEqual({
      ...target,
      preprocessor: { ...preprocessor, path: `${PLACE}/preprocessor_config.json` },
      fingerprint: 'as fetched',
    });
  });

  it.each<[string, Json, string]>([
    ['config.json', { scale_factor: 3 }, 'scale_factor is 3'],
    ['generation_config.json', { eos_token_id: 'x' }, 'eos_token_id is "x"'],
    ['processor_config.json', { image_seq_len: 1 }, 'image_seq_len is 1'],
  ])('is refused by the name that %s was handed over with', async (file, fields, problem) => {
    const value = JSON.parse(readFileSync(join(SMOLVLM, file), 'utf8'));
    const reading = readTarget(await fetched(SMOLVLM, { [file]: { ...value, ...fields } }));
    await expect(reading).rejects.toThrow(`${PLACE}/${file}: ${problem}`);
  });

  it.each(['config.json', 'tokenizer.json', 'preprocessor_config.json'])(
    'is refused where %s was not',
    async (file) => {
      const reading = readTarget(await fetched(SMOLVLM, { [file]: undefined }));
      await expect(reading).rejects.toBeInstanceOf(CheckpointError);
      await expect(reading).rejects.toThrow(`${PLACE}/${file}: there is no such file`);
    },
  );

  it('needs no image processor where it reads no pictures', async () => {
    const { preprocessor } = await readTarget(
      await fetched(repositoryPath('fixtures/families/text/llama3')),
    );
    expect(preprocessor.value).toEqual({});
  });
});
