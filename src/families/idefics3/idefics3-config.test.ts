import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelFolder } from '../../checkpoint/model-folder.ts';
import { tempFolder } from '../../checkpoint/testing/folders.ts';
import { CheckpointError } from '../../contracts/errors.ts';
import { readJson, repositoryPath } from '../../input/node/testing/read-goldens.ts';
import { targetConfig } from '../families.ts';
import { readTargetConfig } from '../read-target.ts';
import { configFiles } from '../testing/config-files.ts';
import type { Idefics3Config } from './idefics3-config.ts';
import { idefics3Layout } from './idefics3-tensors.ts';

type Fields = Record<string, unknown>;

const FOLDER = 'fixtures/families/smolvlm';
const FIELDS = readJson(`${FOLDER}/config.json`) as Fields;

/** What SmolVLM-256M-Instruct says of its sizes. */
const SMOLVLM_256M = {
  model_type: 'idefics3',
  image_token_id: 49_190,
  scale_factor: 4,
  text_config: {
    model_type: 'llama',
    hidden_size: 576,
    intermediate_size: 1536,
    num_hidden_layers: 30,
    num_attention_heads: 9,
    num_key_value_heads: 3,
    head_dim: 64,
    max_position_embeddings: 8192,
    rms_norm_eps: 1e-5,
    rope_theta: 100_000,
    vocab_size: 49_280,
    qk_layer_norms: false,
  },
  vision_config: {
    model_type: 'idefics3',
    hidden_size: 768,
    image_size: 512,
    num_attention_heads: 12,
    patch_size: 16,
  },
};

const read = async (fields: Fields, processor: Fields = {}) =>
  targetConfig(configFiles(fields, { processor })) as Idefics3Config;

const parameters = (config: Idefics3Config) =>
  idefics3Layout(config).required.reduce(
    (sum, [, shape]) => sum + shape.reduce((product, dim) => product * dim, 1),
    0,
  );

describe('an Idefics3 config', () => {
  it('is read, and the same under either name', async () => {
    const dir = tempFolder();
    cpSync(repositoryPath(`${FOLDER}/generation_config.json`), join(dir, 'generation_config.json'));
    writeFileSync(join(dir, 'config.json'), JSON.stringify({ ...FIELDS, model_type: 'idefics3' }));
    const smolvlm = await readTargetConfig(modelFolder(repositoryPath(FOLDER)));
    expect(smolvlm).toMatchObject({
      family: 'smolvlm',
      decoder: { hiddenSize: 72, heads: 6, kvHeads: 2, headDim: 12, ropeTheta: 100_000 },
      vision: { hiddenSize: 48, imageSize: 64, layerNormEps: 1e-6, activation: 'gelu_tanh' },
      shuffle: 4,
      imageTokenId: 738,
      eosTokenIds: [747],
    });
    expect(await readTargetConfig(modelFolder(dir))).toEqual({ ...smolvlm, family: 'idefics3' });
  });

  it('leaves out what SmolVLM-256M-Instruct does: all of its parameters are there', async () => {
    const config = await read(SMOLVLM_256M, { image_seq_len: 64 });
    expect(config.vision).toMatchObject({ intermediateSize: 3072, layers: 12 });
    expect(parameters(config)).toBe(256_484_928);
  });

  it('takes a tower whose patches leave a margin, as SmolVLM-Instruct has', async () => {
    const vision_config = { image_size: 384, patch_size: 14 };
    const config = await read({ ...SMOLVLM_256M, scale_factor: 3, vision_config });
    const shapes = new Map(idefics3Layout(config).required);
    const table = 'model.vision_model.embeddings.position_embedding.weight';
    expect(shapes.get(table)).toEqual([27 * 27, 1152]);
  });

  it("has Idefics3's own decoder where it has no text_config", async () => {
    const config = await read({ model_type: 'idefics3', image_token_id: 31_999, scale_factor: 7 });
    expect(config.decoder).toMatchObject({ hiddenSize: 4096, rmsNormEps: 1e-5 });
    expect(config.vision).toMatchObject({ hiddenSize: 1152, heads: 16, imageSize: 224 });
  });

  const text = (fields: Fields) => ({ text_config: { ...SMOLVLM_256M.text_config, ...fields } });
  const tower = (fields: Fields) => ({
    vision_config: { ...SMOLVLM_256M.vision_config, ...fields },
  });
  it.each<[string, Fields]>([
    ['scale_factor', { scale_factor: 3 }],
    ['image_token_id', { image_token_id: 49_280 }],
    ['quantization_config', { quantization_config: {} }],
    ['text_config.model_type', text({ model_type: 'mistral' })],
    ['text_config.qk_layer_norms', text({ qk_layer_norms: true })],
    ['text_config.rope_interleaved', text({ rope_interleaved: true })],
    ['text_config.use_resampler', text({ use_resampler: true })],
    ['vision_config.model_type', tower({ model_type: 'clip_vision_model' })],
    ['vision_config.hidden_act', tower({ hidden_act: 'relu' })],
    ['vision_config.num_attention_heads', tower({ num_attention_heads: 7 })],
    ['vision_config.patch_size', tower({ patch_size: 513 })],
    ['vision_config.num_channels', tower({ num_channels: 1 })],
  ])('that says %s otherwise is refused by that name', async (field, fields) => {
    const reading = read({ ...SMOLVLM_256M, ...fields });
    await expect(reading).rejects.toBeInstanceOf(CheckpointError);
    await expect(reading).rejects.toThrow(`${field} is `);
  });

  it('refuses a processor that writes another number of image tokens', async () => {
    const reading = read(SMOLVLM_256M, { image_seq_len: 169 });
    await expect(reading).rejects.toThrow('image_seq_len is 169');
  });
});
