import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findVisionTower } from '../../../checkpoint/find-vision-tower.ts';
import { readTensorTable } from '../../../checkpoint/tensor-table.ts';
import {
  LLAVA_7B,
  TINY_DRAFT,
  TINY_TARGET,
  tempFolder,
} from '../../../checkpoint/testing/folders.ts';
import type { TensorTable } from '../../../contracts/checkpoint.ts';
import { CheckpointError, TensorsError } from '../../../contracts/errors.ts';
import { configFiles } from '../../testing/config-files.ts';
import { llavaConfig } from '../llava-config.ts';
import { originalLlava, originalLlavaTensors, originalTowerName } from './original-llava.ts';

const TOWER_NAME = 'openai/clip-vit-large-patch14-336';

/** As liuhaotian/llava-v1.5-7b is published. */
const ORIGINAL = {
  architectures: ['LlavaLlamaForCausalLM'],
  bos_token_id: 1,
  eos_token_id: 2,
  freeze_mm_mlp_adapter: false,
  hidden_act: 'silu',
  hidden_size: 4096,
  image_aspect_ratio: 'pad',
  initializer_range: 0.02,
  intermediate_size: 11008,
  max_length: 4096,
  max_position_embeddings: 4096,
  mm_hidden_size: 1024,
  mm_projector_type: 'mlp2x_gelu',
  mm_resampler_type: null,
  mm_use_im_patch_token: false,
  mm_use_im_start_end: false,
  mm_vision_select_feature: 'patch',
  mm_vision_select_layer: -2,
  mm_vision_tower: TOWER_NAME,
  model_type: 'llava',
  num_attention_heads: 32,
  num_hidden_layers: 32,
  num_key_value_heads: 32,
  pad_token_id: 0,
  rms_norm_eps: 1e-5,
  rope_scaling: null,
  tie_word_embeddings: false,
  torch_dtype: 'float16',
  use_cache: true,
  use_mm_proj: true,
  vocab_size: 32000,
};

const VISION = {
  hidden_size: 1024,
  image_size: 336,
  intermediate_size: 4096,
  num_attention_heads: 16,
  num_hidden_layers: 24,
  patch_size: 14,
  projection_dim: 768,
};
const CLIP = { model_type: 'clip', vision_config: VISION, text_config: {}, projection_dim: 768 };

const converted = (changes: object = {}, tower: unknown = CLIP) =>
  originalLlava(
    { path: 'config.json', value: { ...ORIGINAL, ...changes } },
    { path: 'tower/config.json', value: tower },
  );

const readConfig = (config: unknown) => llavaConfig(configFiles(config));

const json = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

describe('originalTowerName', () => {
  it('knows the original layout by its tower', () => {
    expect(originalTowerName(ORIGINAL)).toBe(TOWER_NAME);
    expect(originalTowerName({ ...ORIGINAL, model_type: 'llava_llama' })).toBe(TOWER_NAME);
  });

  it.each([
    ['a published target', json(join(LLAVA_7B, 'config.json'))],
    ['a draft', json(join(TINY_DRAFT, 'config.json'))],
    ['another decoder', { ...ORIGINAL, model_type: 'llava_mpt' }],
    ['no config', null],
  ])('does not take %s for it', (_, config) => {
    expect(originalTowerName(config)).toBeUndefined();
  });
});

describe('originalLlava', () => {
  it('describes the same network as the published conversion, but for the added token', () => {
    const published = readConfig(json(join(LLAVA_7B, 'config.json')));
    expect(readConfig(converted().config)).toEqual({
      ...published,
      decoder: { ...published.decoder, vocabSize: 32000 },
      imageTokenId: 0,
    });
  });

  it.each([
    ['a vision tower alone', { ...VISION, model_type: 'clip_vision_model' }],
    [
      'the dict that transformers prefers',
      { ...CLIP, vision_config: {}, vision_config_dict: VISION },
    ],
  ])('takes the config of %s', (_, tower) => {
    expect(converted({}, tower)).toEqual(converted());
  });

  it('says how pictures become square', () => {
    expect(converted().aspectRatio).toBe('pad');
    expect(converted({ image_aspect_ratio: undefined }).aspectRatio).toBe('square');
  });

  it('keeps the class token where the original does', () => {
    const { config } = converted({ mm_vision_select_feature: 'cls_patch' });
    expect(readConfig(config).imageTokens).toBe(577);
  });

  it.each<[string, unknown]>([
    ['mm_projector_type', 'linear'],
    ['mm_projector_type', undefined],
    ['mm_vision_select_layer', undefined],
    ['mm_vision_select_feature', 'cls'],
    ['mm_use_im_start_end', true],
    ['mm_use_im_patch_token', true],
    ['mm_patch_merge_type', 'spatial_unpad'],
    ['mm_resampler_type', 'perceiver'],
    ['image_aspect_ratio', 'anyres'],
    ['mm_hidden_size', 768],
  ])('refuses %s %j, naming it', (field, value) => {
    expect(() => converted({ [field]: value })).toThrow(CheckpointError);
    expect(() => converted({ [field]: value })).toThrow(
      `config.json: ${field} is ${JSON.stringify(value) ?? 'missing'}`,
    );
  });

  it('refuses a tower that is no CLIP', () => {
    expect(() => converted({}, { model_type: 'siglip' })).toThrow(
      'tower/config.json: model_type is "siglip"',
    );
    expect(() => converted({}, { ...CLIP, vision_config: { hidden_act: 'relu' } })).toThrow(
      'tower/config.json: vision_config.hidden_act is "relu"',
    );
  });
});

describe('originalLlavaTensors', () => {
  /** The tiny target's tensors as the original code would store them: the model's, and the tower's. */
  async function stored(): Promise<{
    published: TensorTable;
    own: TensorTable;
    tower: TensorTable;
  }> {
    const published = await readTensorTable(TINY_TARGET);
    const isTower = (name: string) => name.startsWith('vision_tower.');
    const original = (name: string) =>
      name
        .replace(/^multi_modal_projector\.linear_1\./, 'model.mm_projector.0.')
        .replace(/^multi_modal_projector\.linear_2\./, 'model.mm_projector.2.')
        .replace(/^language_model\./, '')
        .replace(/^vision_tower\./, '');
    const renamed = (towers: boolean) =>
      new Map(
        [...published]
          .filter(([name]) => isTower(name) === towers)
          .map(([name, ref]) => [original(name), ref] as const),
      );
    return { published, own: renamed(false), tower: renamed(true) };
  }

  it('gives every tensor its published name', async () => {
    const { published, own, tower } = await stored();
    expect(originalLlavaTensors('dir', own, tower)).toEqual(published);
  });

  it('leaves out what the folder holds of the text half', async () => {
    const { published, own, tower } = await stored();
    const [ref] = own.values();
    if (ref === undefined) throw new Error('the tiny target is empty');
    const clip = new Map([...tower, ['text_projection.weight', ref], ['logit_scale', ref]]);
    expect(originalLlavaTensors('dir', own, clip)).toEqual(published);
  });

  it("prefers the model's own tower", async () => {
    const { published, own, tower } = await stored();
    const trained = [...tower].map(
      ([name, ref]) => [`model.vision_tower.vision_tower.${name}`, ref] as const,
    );
    const other = [...tower].map(([name, ref]) => [name, { ...ref, offset: 0 }] as const);
    expect(originalLlavaTensors('dir', new Map([...own, ...trained]), new Map(other))).toEqual(
      published,
    );
  });

  it('refuses two tensors that stand for one', async () => {
    const { own, tower } = await stored();
    const [ref] = own.values();
    if (ref === undefined) throw new Error('the tiny target is empty');
    const twice = new Map([...own, ['language_model.lm_head.weight', ref] as const]);
    expect(() => originalLlavaTensors('dir', twice, tower)).toThrow(TensorsError);
  });
});

describe('findVisionTower', () => {
  const never = () => undefined;

  function folder(path: string): string {
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'config.json'), '{}');
    return path;
  }

  it.each([
    ['in the folder, by its whole name', TOWER_NAME, join('model', TOWER_NAME)],
    ['in the folder', TOWER_NAME, 'model/clip-vit-large-patch14-336'],
    ['beside the folder, by its whole name', TOWER_NAME, TOWER_NAME],
    ['beside the folder', TOWER_NAME, 'clip-vit-large-patch14-336'],
    ['by the last part of a path', '/data/models/openai/clip', 'clip'],
    ['by the last part of a path of Windows', '\\models\\clip', 'clip'],
  ])('finds it %s', async (_, name, place) => {
    const root = tempFolder();
    const found = folder(join(root, place));
    expect(await findVisionTower(join(root, 'model'), name, never)).toBe(found);
  });

  it('finds it in the cache, by its whole name', async () => {
    const found = folder(tempFolder());
    const cached = (model: string) => (model === TOWER_NAME ? found : undefined);
    expect(await findVisionTower(tempFolder(), TOWER_NAME, cached)).toBe(found);
  });

  it('says where it looked', async () => {
    const finding = findVisionTower(join(tempFolder(), 'model'), TOWER_NAME, never);
    await expect(finding).rejects.toBeInstanceOf(CheckpointError);
    await expect(finding).rejects.toThrow(`its vision tower "${TOWER_NAME}" is neither here`);
  });

  it.each(['../clip', 'a/../../clip', '.clip', '', '/', 'a\u0000b'])(
    'takes %j for no name',
    async (name) => {
      const dir = join(folder(tempFolder()), 'model');
      mkdirSync(dir);
      folder(join(dirname(dir), 'clip'));
      await expect(findVisionTower(dir, name, never)).rejects.toThrow('no name of a model');
    },
  );

  it('does not follow an absolute path', async () => {
    const place = folder(join(tempFolder(), 'clip'));
    const finding = findVisionTower(join(tempFolder(), 'model'), place, never);
    await expect(finding).rejects.toThrow('is neither here');
  });
});
