import { describe, expect, it } from 'vitest';
import { CheckpointError } from '../../contracts/errors.ts';
import { targetConfig } from '../families.ts';
import { configFiles } from '../testing/config-files.ts';

type Fields = Record<string, unknown>;

const read = async (config: Fields) => targetConfig(configFiles(config));

const llama = (fields: Fields = {}) => read({ model_type: 'llama', ...fields });
const qwen2 = (fields: Fields = {}) => read({ model_type: 'qwen2', ...fields });
const scalingOf = async (fields: Fields) => (await llama(fields)).decoder.ropeScaling;

describe('a text decoder whose config leaves everything out', () => {
  it('is what LlamaConfig() is', async () => {
    expect(await llama()).toEqual({
      family: 'llama',
      decoder: {
        hiddenSize: 4096,
        intermediateSize: 11008,
        layers: 32,
        heads: 32,
        kvHeads: 32,
        headDim: 128,
        vocabSize: 32000,
        rmsNormEps: 1e-6,
        ropeTheta: 10000,
        contextLength: 2048,
        tiedEmbeddings: false,
      },
      eosTokenIds: [2],
      bosTokenId: 1,
    });
  });

  it('is what Qwen2Config() is, which has biases', async () => {
    expect(await qwen2()).toEqual({
      family: 'qwen2',
      decoder: {
        hiddenSize: 4096,
        intermediateSize: 22016,
        layers: 32,
        heads: 32,
        kvHeads: 32,
        headDim: 128,
        vocabSize: 151936,
        rmsNormEps: 1e-6,
        ropeTheta: 10000,
        contextLength: 32768,
        tiedEmbeddings: false,
        qkvBias: true,
      },
      eosTokenIds: [],
    });
  });
});

it('reads the biases of Llama, and lets Qwen2 have its own only', async () => {
  const biases = { attention_bias: true, mlp_bias: true };
  const all = { qkvBias: true, outputBias: true, mlpBias: true };
  expect((await llama(biases)).decoder).toMatchObject(all);
  const { decoder } = await qwen2(biases);
  expect(decoder).toMatchObject({ qkvBias: true });
  expect(decoder).not.toHaveProperty('outputBias');
  expect(decoder).not.toHaveProperty('mlpBias');
});

describe('RoPE scaling', () => {
  const yarn = {
    type: 'yarn',
    factor: 4,
    originalLength: 2048,
    betaFast: 32,
    betaSlow: 1,
    truncate: true,
    attentionFactor: 0.1 * Math.log(4) + 1,
  };
  const llama3 = {
    factor: 8,
    low_freq_factor: 1,
    high_freq_factor: 4,
    original_max_position_embeddings: 8192,
  };

  it.each<[string, Fields]>([
    ['rope_type', { rope_scaling: { rope_type: 'linear', factor: 2 } }],
    ['type, its older name', { rope_scaling: { type: 'linear', factor: 2 } }],
    ['both', { rope_scaling: { type: 'linear', rope_type: 'linear', factor: 2 } }],
    ['rope_parameters', { rope_parameters: { rope_type: 'linear', factor: 2, rope_theta: 10000 } }],
    [
      'rope_scaling and rope_parameters alike',
      {
        rope_scaling: { type: 'linear', factor: 2 },
        rope_parameters: { rope_type: 'linear', factor: 2 },
      },
    ],
  ])('is read from %s', async (_, fields) => {
    expect(await scalingOf(fields)).toEqual({ type: 'linear', factor: 2 });
  });

  it.each(['default', 'dynamic'])('changes nothing if it is %s', async (rope_type) => {
    expect(await scalingOf({ rope_scaling: { rope_type, factor: 2 } })).toBeUndefined();
  });

  it('reads llama3', async () => {
    expect(await scalingOf({ rope_scaling: { rope_type: 'llama3', ...llama3 } })).toEqual({
      type: 'llama3',
      factor: 8,
      lowFrequency: 1,
      highFrequency: 4,
      originalLength: 8192,
    });
  });

  it('fills in what YaRN leaves out', async () => {
    expect(await scalingOf({ rope_scaling: { type: 'yarn', factor: 4 } })).toEqual(yarn);
  });

  it.each<[Fields, number]>([
    [{ attention_factor: 1.5, mscale: 1, mscale_all_dim: 0.5 }, 1.5],
    [{ mscale: 1, mscale_all_dim: 1 }, 1],
    [{ mscale: 1, mscale_all_dim: 0 }, yarn.attentionFactor],
    [{ mscale: 2 }, yarn.attentionFactor],
  ])('takes the attention factor of YaRN from %j', async (fields, wanted) => {
    const scaling = await scalingOf({ rope_scaling: { type: 'yarn', factor: 4, ...fields } });
    expect(scaling).toMatchObject({ attentionFactor: wanted });
  });

  it('lets YaRN reach as far as it stretches', async () => {
    const rope_scaling = { type: 'yarn', factor: 4, original_max_position_embeddings: 32768 };
    const before = await qwen2({ rope_scaling });
    expect(before.decoder.contextLength).toBe(131_072);
    const after = await qwen2({ rope_scaling, max_position_embeddings: 131_072 });
    expect(after.decoder.contextLength).toBe(131_072);
  });

  it.each<[string, Fields, string]>([
    ['an unknown type', { rope_scaling: { type: 'su' } }, 'rope_scaling.type is "su"; '],
    ['no factor', { rope_scaling: { type: 'linear' } }, 'rope_scaling.factor is missing; '],
    ['a factor below 1', { rope_scaling: { type: 'yarn', factor: 0.5 } }, 'factor is 0.5; '],
    [
      'two types',
      { rope_scaling: { type: 'linear', rope_type: 'dynamic', factor: 2 } },
      'rope_scaling.type is "linear"; rope_type says dynamic',
    ],
    [
      'two scalings',
      {
        rope_scaling: { type: 'linear', factor: 2 },
        rope_parameters: { rope_type: 'linear', factor: 4 },
      },
      'rope_parameters says something else',
    ],
    [
      'bands the wrong way round',
      { rope_scaling: { rope_type: 'llama3', ...llama3, high_freq_factor: 1 } },
      'high_freq_factor is 1; it must be more than low_freq_factor 1',
    ],
  ])('refuses %s, naming the field', async (_, fields, problem) => {
    await expect(llama(fields)).rejects.toBeInstanceOf(CheckpointError);
    await expect(llama(fields)).rejects.toThrow(problem);
  });
});

describe('sliding windows of Qwen2', () => {
  it.each<[string, Fields]>([
    ['switched off', { sliding_window: 64 }],
    ['as long as the context', { use_sliding_window: true, sliding_window: 32768 }],
    ['in layers that there are not', { use_sliding_window: true, max_window_layers: 32 }],
    [
      'in no layer',
      { use_sliding_window: true, layer_types: Array(32).fill('full_attention') as string[] },
    ],
    ['of no length', { use_sliding_window: true, sliding_window: null }],
  ])('are taken if %s', async (_, fields) => {
    await expect(qwen2(fields)).resolves.toMatchObject({ family: 'qwen2' });
  });

  it('are refused where a layer looks back less than the context', async () => {
    await expect(qwen2({ use_sliding_window: true })).rejects.toThrow('sliding_window is 4096; ');
    const layer_types = [...Array(31).fill('full_attention'), 'sliding_attention'];
    const reading = qwen2({ use_sliding_window: true, max_window_layers: 32, layer_types });
    await expect(reading).rejects.toThrow('sliding_window is 4096; ');
  });
});

it('refuses quantised weights', async () => {
  const reading = llama({ quantization_config: { quant_method: 'awq' } });
  await expect(reading).rejects.toThrow('quantization_config is ');
});
