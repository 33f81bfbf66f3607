import { cpSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelFolder } from '../../checkpoint/model-folder.ts';
import {
  copyOf,
  LLAVA_7B,
  LLAVA_GQA,
  setFields,
  setFieldsOf,
  TINY_TARGET,
  tempFolder,
} from '../../checkpoint/testing/folders.ts';
import { CheckpointError, UnknownFamilyError } from '../../contracts/errors.ts';
import * as target from '../read-target.ts';
import type { LlavaConfig } from './llava-config.ts';

type Fields = Record<string, unknown>;

const readTargetConfig = (dir: string) =>
  target.readTargetConfig(modelFolder(dir)) as Promise<LlavaConfig>;

/** A folder with the tiny target's description, changed at the top, in a section, or in another file. */
function tinyWith(fields: Fields, section?: string, file = 'config.json'): string {
  const dir = tempFolder();
  for (const name of ['config.json', 'generation_config.json', 'processor_config.json']) {
    cpSync(join(TINY_TARGET, name), join(dir, name));
  }
  if (section === undefined) setFields(join(dir, file), fields);
  else setFieldsOf(join(dir, file), section, fields);
  return dir;
}

function folderWith(config: unknown): string {
  const dir = tempFolder();
  writeFileSync(join(dir, 'config.json'), JSON.stringify(config));
  return dir;
}

describe('readTargetConfig', () => {
  it('reads the tiny target', async () => {
    expect(await readTargetConfig(TINY_TARGET)).toEqual({
      family: 'llava',
      decoder: {
        hiddenSize: 160,
        intermediateSize: 432,
        layers: 5,
        heads: 5,
        kvHeads: 5,
        headDim: 32,
        vocabSize: 1024,
        rmsNormEps: 1e-5,
        ropeTheta: 10000,
        contextLength: 1024,
        tiedEmbeddings: false,
      },
      vision: {
        hiddenSize: 96,
        intermediateSize: 256,
        layers: 4,
        heads: 4,
        imageSize: 64,
        patchSize: 8,
        layerNormEps: 1e-5,
        activation: 'quick_gelu',
      },
      projector: { activation: 'gelu', bias: true, featureLayer: -2, select: 'default' },
      imageTokenId: 1022,
      imageTokens: 64,
      eosTokenIds: [2],
      bosTokenId: 1,
    });
  });

  it('knows what the published llava-1.5-7b-hf leaves out', async () => {
    expect(await readTargetConfig(LLAVA_7B)).toEqual({
      family: 'llava',
      decoder: {
        hiddenSize: 4096,
        intermediateSize: 11008,
        layers: 32,
        heads: 32,
        kvHeads: 32,
        headDim: 128,
        vocabSize: 32064,
        rmsNormEps: 1e-5,
        ropeTheta: 10000,
        contextLength: 4096,
        tiedEmbeddings: false,
      },
      vision: {
        hiddenSize: 1024,
        intermediateSize: 4096,
        layers: 24,
        heads: 16,
        imageSize: 336,
        patchSize: 14,
        layerNormEps: 1e-5,
        activation: 'quick_gelu',
      },
      projector: { activation: 'gelu', bias: true, featureLayer: -2, select: 'default' },
      imageTokenId: 32000,
      imageTokens: 576,
      eosTokenIds: [2],
      bosTokenId: 1,
    });
  });

  it('reads grouped heads, a tied head, and a kept class token', async () => {
    const config = await readTargetConfig(LLAVA_GQA);
    expect(config.decoder).toMatchObject({
      heads: 4,
      kvHeads: 2,
      headDim: 16,
      ropeTheta: 5e5,
      tiedEmbeddings: true,
    });
    expect(config.projector).toMatchObject({ featureLayer: -1, select: 'full' });
    expect(config.imageTokens).toBe(17);
  });

  it('takes the tower of LlavaConfig where there is none, and of CLIPVisionConfig where it is empty', async () => {
    const text_config = { vocab_size: 32064 };
    const none = await readTargetConfig(folderWith({ model_type: 'llava', text_config }));
    expect(none.vision).toMatchObject({ hiddenSize: 1024, layers: 24, patchSize: 14 });
    const empty = await readTargetConfig(
      folderWith({ model_type: 'llava', text_config, vision_config: {} }),
    );
    expect(empty.vision).toMatchObject({ hiddenSize: 768, layers: 12, patchSize: 32 });
    expect(empty.imageTokens).toBe(49);
  });

  it('takes the decoder’s word alone on whether the head is tied', async () => {
    const atTop = await readTargetConfig(tinyWith({ tie_word_embeddings: true }));
    expect(atTop.decoder.tiedEmbeddings).toBe(false);
    const below = await readTargetConfig(tinyWith({ tie_word_embeddings: true }, 'text_config'));
    expect(below.decoder.tiedEmbeddings).toBe(true);
  });

  it('counts placeholders by the tower, not by image_seq_length', async () => {
    expect((await readTargetConfig(tinyWith({ image_seq_length: 576 }))).imageTokens).toBe(64);
  });

  it('reads the image token by either name', async () => {
    const dir = tinyWith({ image_token_index: undefined, image_token_id: 5 });
    expect((await readTargetConfig(dir)).imageTokenId).toBe(5);
  });

  it('reads the rotary base where transformers 5 writes it', async () => {
    const fields = {
      rope_theta: undefined,
      rope_parameters: { rope_type: 'default', rope_theta: 7 },
    };
    expect((await readTargetConfig(tinyWith(fields, 'text_config'))).decoder.ropeTheta).toBe(7);
  });

  it('takes end tokens from the nearest file that has any', async () => {
    const generation = 'generation_config.json';
    const several = tinyWith({ eos_token_id: [2, 7] }, undefined, generation);
    expect((await readTargetConfig(several)).eosTokenIds).toEqual([2, 7]);

    const none = tinyWith(
      { eos_token_id: undefined, bos_token_id: undefined },
      undefined,
      generation,
    );
    expect(await readTargetConfig(none)).toMatchObject({ eosTokenIds: [2], bosTokenId: 1 });
    setFieldsOf(join(none, 'config.json'), 'text_config', {
      eos_token_id: [8],
      bos_token_id: null,
    });
    expect((await readTargetConfig(none)).eosTokenIds).toEqual([8]);
    expect(await readTargetConfig(none)).not.toHaveProperty('bosTokenId');
    setFields(join(none, 'config.json'), { eos_token_id: 9 });
    expect((await readTargetConfig(none)).eosTokenIds).toEqual([9]);
  });

  it('takes a processor file that is silent', async () => {
    const dir = tinyWith(
      { patch_size: null, num_additional_image_tokens: undefined },
      undefined,
      'processor_config.json',
    );
    expect((await readTargetConfig(dir)).imageTokens).toBe(64);
  });

  it('refuses another family by name', async () => {
    const reading = readTargetConfig(tinyWith({ model_type: 'llava_video' }));
    await expect(reading).rejects.toBeInstanceOf(UnknownFamilyError);
    await expect(reading).rejects.toMatchObject({ modelType: 'llava_video' });
  });

  it.each<[string, unknown]>([
    ['model_type', 5],
    ['text_config', []],
    ['projector_hidden_act', 'gelu_new'],
    ['multimodal_projector_bias', 'no'],
    ['vision_feature_layer', [-2, -5]],
    ['vision_feature_layer', -6],
    ['vision_feature_layer', 5],
    ['vision_feature_select_strategy', 'cls'],
    ['image_token_index', 1024],
    ['image_token_id', 1021],
    ['quantization_config', { bits: 4 }],
    ['eos_token_id', 'two'],
    ['text_config.model_type', 'gemma'],
    ['text_config.hidden_act', 'gelu'],
    ['text_config.rope_scaling.rope_type', 'longrope'],
    ['text_config.rope_parameters.rope_type', 'ntk'],
    ['text_config.partial_rotary_factor', 0.5],
    ['text_config.attention_bias', 'yes'],
    ['text_config.mlp_bias', null],
    ['text_config.head_dim', 31],
    ['text_config.num_key_value_heads', 2],
    ['text_config.num_hidden_layers', 1e9],
    ['text_config.vocab_size', 0],
    ['text_config.hidden_size', 160.5],
    ['text_config.rms_norm_eps', 0],
    ['vision_config.model_type', 'siglip_vision_model'],
    ['vision_config.hidden_act', 'relu'],
    ['vision_config.num_attention_heads', 5],
    ['vision_config.num_channels', 4],
    ['vision_config.patch_size', 7],
  ])('refuses %s %j, naming both', async (field, value) => {
    const [section, ...rest] = field.split('.');
    const nested = rest.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Fields;
    const dir = rest.length === 0 ? tinyWith({ [field]: value }) : tinyWith(nested, section);
    const reading = readTargetConfig(dir);
    await expect(reading).rejects.toBeInstanceOf(CheckpointError);
    await expect(reading).rejects.toThrow(`${field} is ${JSON.stringify(value)}; `);
  });

  it('refuses heads that do not divide the width where no head_dim is given', async () => {
    const dir = tinyWith(
      { head_dim: undefined, num_attention_heads: 7, num_key_value_heads: null },
      'text_config',
    );
    await expect(readTargetConfig(dir)).rejects.toThrow(
      'text_config.num_attention_heads is 7; it must divide hidden_size 160',
    );
  });

  it('refuses two rotary bases', async () => {
    const dir = tinyWith({ rope_parameters: { rope_theta: 7 } }, 'text_config');
    await expect(readTargetConfig(dir)).rejects.toThrow('text_config.rope_theta is 10000; ');
  });

  it.each<[string, unknown]>([
    ['patch_size', 16],
    ['num_additional_image_tokens', 0],
    ['vision_feature_select_strategy', 'full'],
  ])('refuses a processor with %s %j', async (field, value) => {
    const reading = readTargetConfig(
      tinyWith({ [field]: value }, undefined, 'processor_config.json'),
    );
    await expect(reading).rejects.toBeInstanceOf(CheckpointError);
    await expect(reading).rejects.toThrow(
      `processor_config.json: ${field} is ${JSON.stringify(value)}; `,
    );
  });

  it('refuses a folder without config.json, one that is broken, and one that is a folder', async () => {
    const dir = copyOf(LLAVA_7B);
    writeFileSync(join(dir, 'config.json'), '{"model_type": "llava",');
    await expect(readTargetConfig(dir)).rejects.toThrow('not valid JSON');
    rmSync(join(dir, 'config.json'));
    await expect(readTargetConfig(dir)).rejects.toThrow('this is an empty folder');
    cpSync(LLAVA_7B, join(dir, 'config.json'), { recursive: true });
    await expect(readTargetConfig(dir)).rejects.toThrow('not a regular file');
  });

  it('refuses a config of megabytes', async () => {
    const dir = folderWith({ model_type: 'llava' });
    truncateSync(join(dir, 'config.json'), 100_000_001);
    await expect(readTargetConfig(dir)).rejects.toThrow('over 100 MB');
  });
});
