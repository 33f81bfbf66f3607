import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelFolder } from '../../../checkpoint/model-folder.ts';
import { setFields, TINY_TARGET, tempFolder } from '../../../checkpoint/testing/folders.ts';
import { originalLlavaFolder } from '../../../checkpoint/testing/original-llava-folder.ts';
import { CheckpointError, TensorsError } from '../../../contracts/errors.ts';
import { readTarget } from '../../read-target.ts';

const TOWER = 'somebody/tiny-clip';

const read = async (model: string, env = {}) =>
  readTarget(modelFolder(model, { HF_HUB_CACHE: tempFolder(), ...env }));

const json = (path: string) => JSON.parse(readFileSync(path, 'utf8'));

describe('publishedFolder', () => {
  it('reads the same network as is published, but for the placeholder', async () => {
    const { model } = await originalLlavaFolder();
    const { config, tensors } = await read(model);
    const published = await readTarget(modelFolder(TINY_TARGET));
    expect(config).toEqual({ ...published.config, imageTokenId: 0 });
    const shapes = (refs: typeof tensors) => new Map([...refs].map(([n, { shape }]) => [n, shape]));
    expect(shapes(tensors)).toEqual(shapes(published.tensors));
  });

  it("takes the tower's image processor where the model has none, with padding where it says so", async () => {
    const { model, tower } = await originalLlavaFolder();
    const clip = json(join(tower, 'preprocessor_config.json'));
    const padded = { ...clip, image_processor_type: 'LlavaImageProcessor', do_pad: true };
    expect((await read(model)).preprocessor.value).toEqual(padded);
    setFields(join(model, 'config.json'), { image_aspect_ratio: undefined });
    expect((await read(model)).preprocessor.value).toEqual(clip);
    const own = join(model, 'preprocessor_config.json');
    copyFileSync(join(tower, 'preprocessor_config.json'), own);
    setFields(own, { image_std: [1, 1, 1] });
    expect((await read(model)).preprocessor.value).toEqual(json(own));
  });

  it('does not take another image processor for one of CLIP', async () => {
    const { model, tower } = await originalLlavaFolder();
    const path = join(tower, 'preprocessor_config.json');
    setFields(path, { image_processor_type: 'SiglipImageProcessor' });
    await expect(read(model)).rejects.toThrow(`${path}: image_processor_type is "Siglip`);
  });

  it('leaves out tokens that a conversion added behind the vocabulary', async () => {
    const { model } = await originalLlavaFolder();
    const path = join(model, 'tokenizer.json');
    const before = json(path);
    const added = { id: 1024, content: '<pic>', special: true };
    setFields(path, { added_tokens: [...before.added_tokens, added] });
    expect((await read(model)).tokenizer).toEqual(before);
  });

  it('says which tokenizer.json is wanted where there is none', async () => {
    const { model } = await originalLlavaFolder();
    rmSync(join(model, 'tokenizer.json'));
    writeFileSync(join(model, 'tokenizer.model'), '');
    await expect(read(model)).rejects.toBeInstanceOf(CheckpointError);
    await expect(read(model)).rejects.toThrow('put the tokenizer.json of the same language model');
  });

  it('finds the tower in the Hugging Face cache, and says where it looked', async () => {
    const { model, tower } = await originalLlavaFolder();
    const cache = tempFolder();
    const commit = '1'.repeat(40);
    const snapshot = join(cache, 'models--somebody--tiny-clip', 'snapshots', commit);
    mkdirSync(dirname(snapshot), { recursive: true });
    renameSync(tower, snapshot);
    await expect(read(model, { HF_HUB_CACHE: cache })).rejects.toThrow(
      `its vision tower "${TOWER}" is neither here`,
    );
    const refs = join(cache, 'models--somebody--tiny-clip', 'refs');
    mkdirSync(refs);
    writeFileSync(join(refs, 'main'), commit);
    const { tensors } = await read(model, { HF_HUB_CACHE: cache });
    const paths = new Set([...tensors.values()].map(({ path }) => dirname(path)));
    expect(paths.has(snapshot)).toBe(true);
  });

  it('refuses a tower of other sizes', async () => {
    const { model, tower } = await originalLlavaFolder();
    const { vision_config } = json(join(tower, 'config.json'));
    setFields(join(tower, 'config.json'), { vision_config: { ...vision_config, patch_size: 16 } });
    await expect(read(model)).rejects.toBeInstanceOf(TensorsError);
  });
});
