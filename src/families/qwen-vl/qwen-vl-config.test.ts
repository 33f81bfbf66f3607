import { describe, expect, it } from 'vitest';
import { modelFolder } from '../../checkpoint/model-folder.ts';
import { readTensorTable } from '../../checkpoint/tensor-table.ts';
import type { TensorRef } from '../../contracts/checkpoint.ts';
import { CheckpointError, TensorsError } from '../../contracts/errors.ts';
import { readJson, repositoryPath } from '../../input/node/testing/read-goldens.ts';
import { selectTargetTensors, targetConfig } from '../families.ts';
import type { Qwen25VlConfig } from '../qwen2.5-vl/qwen25-vl-config.ts';
import { readTargetConfig } from '../read-target.ts';
import { configFiles } from '../testing/config-files.ts';

type Fields = Record<string, unknown>;

const QWEN2 = 'fixtures/families/qwen2-vl';
const QWEN25 = 'fixtures/families/qwen2.5-vl';

const fieldsOf = (folder: string) => readJson(`${folder}/config.json`) as Fields;

const read = async (config: Fields) => targetConfig(configFiles(config));

/** The same model as newer files describe it: the decoder's fields in a section of their own. */
function nested(fields: Fields): Fields {
  const { vision_config, image_token_id, model_type, ...text } = fields;
  const text_config = { ...text, model_type: `${model_type}_text` };
  return { vision_config, image_token_id, model_type, text_config };
}

describe('a Qwen2-VL config', () => {
  it('is read from the top, as published', async () => {
    expect(await readTargetConfig(modelFolder(repositoryPath(QWEN2)))).toEqual({
      family: 'qwen2_vl',
      decoder: {
        hiddenSize: 96,
        intermediateSize: 224,
        layers: 3,
        heads: 4,
        kvHeads: 2,
        headDim: 24,
        vocabSize: 768,
        rmsNormEps: 1e-6,
        ropeTheta: 1e6,
        mropeSection: [2, 5, 5],
        contextLength: 32768,
        tiedEmbeddings: false,
        qkvBias: true,
      },
      vision: {
        hiddenSize: 48,
        intermediateSize: 192,
        layers: 3,
        heads: 4,
        patchSize: 8,
        temporalPatchSize: 2,
        mergeSize: 2,
        activation: 'quick_gelu',
      },
      imageTokenId: 692,
      eosTokenIds: [682, 680],
      bosTokenId: 680,
    });
  });

  it('fills in what transformers takes for fields that are left out', async () => {
    const section = { rope_scaling: { type: 'mrope', mrope_section: [16, 24, 24] } };
    const config = await read({
      model_type: 'qwen2_vl',
      ...section,
      hidden_size: 3584,
      num_attention_heads: 28,
      num_key_value_heads: 4,
    });
    expect(config).toEqual({
      family: 'qwen2_vl',
      decoder: {
        hiddenSize: 3584,
        intermediateSize: 29_568,
        layers: 80,
        heads: 28,
        kvHeads: 4,
        headDim: 128,
        vocabSize: 152_064,
        rmsNormEps: 1e-5,
        ropeTheta: 1e6,
        mropeSection: [16, 24, 24],
        contextLength: 32_768,
        tiedEmbeddings: false,
        qkvBias: true,
      },
      vision: {
        hiddenSize: 1280,
        intermediateSize: 5120,
        layers: 32,
        heads: 16,
        patchSize: 14,
        temporalPatchSize: 2,
        mergeSize: 2,
        activation: 'quick_gelu',
      },
      imageTokenId: 151_655,
      eosTokenIds: [],
    });
  });
});

describe('a Qwen2.5-VL config', () => {
  it('says which layers of the tower look within windows of how many embeddings', async () => {
    const config = (await readTargetConfig(modelFolder(repositoryPath(QWEN25)))) as Qwen25VlConfig;
    expect(config.family).toBe('qwen2_5_vl');
    expect(config.decoder).toMatchObject({ tiedEmbeddings: true, mropeSection: [2, 3, 3] });
    expect(config.vision).toEqual({
      hiddenSize: 48,
      intermediateSize: 100,
      layers: 3,
      heads: 4,
      patchSize: 8,
      temporalPatchSize: 2,
      mergeSize: 2,
      windowSize: 2,
      fullLayers: [1],
    });
  });
});

describe.each([QWEN2, QWEN25])('%s', (folder) => {
  const fields = fieldsOf(folder);

  it('means the same nested in text_config', async () => {
    expect(await read(nested(fields))).toEqual(await read(fields));
  });

  it('means the same where the rope is spelled as transformers 4.57 and 5 save it', async () => {
    const { rope_scaling: rope, rope_theta, ...rest } = fields;
    const { mrope_section } = rope as Fields;
    const want = await read(fields);
    const both = { type: 'default', rope_type: 'default', mrope_section };
    expect(await read({ ...fields, rope_scaling: both })).toEqual(want);
    const rope_parameters = { rope_type: 'default', rope_theta, mrope_section };
    expect(await read({ ...rest, rope_parameters })).toEqual(want);
  });

  it('may stretch its frequencies as well', async () => {
    const { mrope_section } = fields.rope_scaling as Fields;
    const yarn = {
      type: 'yarn',
      factor: 4,
      original_max_position_embeddings: 32768,
      mrope_section,
    };
    const { decoder } = await read({ ...fields, rope_scaling: yarn });
    expect(decoder.ropeScaling).toMatchObject({ type: 'yarn', factor: 4 });
    expect(decoder.mropeSection).toEqual(mrope_section);
  });

  it.each<[string, Fields]>([
    ['rope_scaling.mrope_section', { rope_scaling: null }],
    ['rope_scaling.mrope_section', { rope_scaling: { type: 'mrope', mrope_section: [1, 2, 3] } }],
    ['rope_scaling.mrope_section', { rope_scaling: { type: 'mrope', mrope_section: [4, 8] } }],
    [
      'mrope_interleaved',
      { rope_scaling: { ...Object(fields.rope_scaling), mrope_interleaved: true } },
    ],
    ['hidden_act', { hidden_act: 'gelu' }],
    ['use_sliding_window', { use_sliding_window: true }],
    ['layer_types.0', { layer_types: ['sliding_attention'] }],
    ['head_dim', { head_dim: 32 }],
    ['image_token_id', { image_token_id: 999_999 }],
    ['quantization_config', { quantization_config: { bits: 4 } }],
    [
      'vision_config.num_heads',
      { vision_config: { ...Object(fields.vision_config), num_heads: 5 } },
    ],
    [
      'vision_config.in_channels',
      { vision_config: { ...Object(fields.vision_config), in_channels: 1 } },
    ],
    [
      'vision_config.hidden_act',
      { vision_config: { ...Object(fields.vision_config), hidden_act: 'relu' } },
    ],
    [
      folder === QWEN2 ? 'vision_config.hidden_size' : 'vision_config.out_hidden_size',
      {
        vision_config: {
          ...Object(fields.vision_config),
          [folder === QWEN2 ? 'hidden_size' : 'out_hidden_size']: 100,
        },
      },
    ],
  ])('is refused by the name of the field: %s', async (field, change) => {
    const refused = read({ ...fields, ...change });
    await expect(refused).rejects.toBeInstanceOf(CheckpointError);
    await expect(refused).rejects.toThrow(field);
  });

  it('finds its tensors by published names and by those of newer files', async () => {
    const path = repositoryPath(folder);
    const [config, table] = [
      await readTargetConfig(modelFolder(path)),
      await readTensorTable(path),
    ];
    const selected = selectTargetTensors(table, config, path);
    const newer = new Map<string, TensorRef>();
    for (const [name, ref] of table) {
      newer.set(
        name.replace(/^model\./, 'model.language_model.').replace(/^visual\./, 'model.visual.'),
        ref,
      );
    }
    expect([...newer.keys()].some((name) => table.has(name))).toBe(folder === QWEN2);
    expect(selectTargetTensors(newer, config, path)).toEqual(selected);
  });

  it('names every tensor that is missing or too many', async () => {
    const path = repositoryPath(folder);
    const [config, table] = [
      await readTargetConfig(modelFolder(path)),
      new Map(await readTensorTable(path)),
    ];
    const bias = 'model.layers.1.self_attn.k_proj.bias';
    const ref = table.get(bias) as TensorRef;
    table.delete(bias);
    table.set('visual.blocks.9.norm1.weight', ref);
    const select = () => selectTargetTensors(table, config, path);
    expect(select).toThrow(TensorsError);
    expect(select).toThrow(bias);
    expect(select).toThrow('visual.blocks.9.norm1.weight');
  });
});

it('refuses windows smaller than an embedding', async () => {
  const fields = fieldsOf(QWEN25);
  const vision_config = { ...Object(fields.vision_config), window_size: 15 };
  await expect(read({ ...fields, vision_config })).rejects.toThrow(
    'vision_config.window_size is 15',
  );
});
