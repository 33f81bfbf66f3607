import { describe, expect, it } from 'vitest';
import { modelFolder } from '../../checkpoint/model-folder.ts';
import { readTensorTable } from '../../checkpoint/tensor-table.ts';
import type { TensorRef } from '../../contracts/checkpoint.ts';
import { CheckpointError, TensorsError } from '../../contracts/errors.ts';
import { readJson, repositoryPath } from '../../input/node/testing/read-goldens.ts';
import { selectTargetTensors, targetConfig } from '../families.ts';
import { readTargetConfig } from '../read-target.ts';
import { configFiles } from '../testing/config-files.ts';
import type { LlavaNextConfig } from './llava-next-config.ts';
import { llavaNextLayout } from './llava-next-tensors.ts';

type Fields = Record<string, unknown>;

const FOLDER = 'fixtures/families/llava-next';
const FIELDS = readJson(`${FOLDER}/config.json`) as Fields;

/** What llava-v1.6-mistral-7b-hf says of its decoder. */
const MISTRAL = {
  model_type: 'mistral',
  max_position_embeddings: 32_768,
  rms_norm_eps: 1e-5,
  rope_theta: 1e6,
  sliding_window: null,
  vocab_size: 32_064,
};

const read = async (fields: Fields) =>
  targetConfig(configFiles({ ...FIELDS, ...fields })) as LlavaNextConfig;

/** Numbers in all tensors that are stored, those that are not used included. */
function parameters(config: LlavaNextConfig): number {
  const { required, unused } = llavaNextLayout(config);
  const sizes = [...required, ...unused].map(([, shape]) => shape.reduce((a, b) => a * b, 1));
  return sizes.reduce((sum, size) => sum + size, 0);
}

describe('a LLaVA-NeXT config', () => {
  it('is read with its tower, projector and sizes', async () => {
    expect(await readTargetConfig(modelFolder(repositoryPath(FOLDER)))).toMatchObject({
      family: 'llava_next',
      decoder: { hiddenSize: 80, heads: 5, layers: 3, vocabSize: 736, tiedEmbeddings: false },
      vision: { hiddenSize: 48, layers: 3, imageSize: 56, patchSize: 14 },
      projector: { featureLayer: -2, select: 'default', bias: true, activation: 'gelu' },
      imageTokenId: 698,
      pinpoints: [
        { height: 56, width: 112 },
        { height: 112, width: 56 },
        { height: 112, width: 112 },
        { height: 168, width: 56 },
        { height: 56, width: 168 },
      ],
      eosTokenIds: [2],
      bosTokenId: 1,
    });
  });

  it('may leave everything out: then it is the 7B of Vicuna at 336 pixels', async () => {
    const config = await read({
      text_config: { vocab_size: 32_064 },
      vision_config: undefined,
      image_grid_pinpoints: undefined,
      image_token_index: undefined,
    });
    expect(config.vision).toMatchObject({ imageSize: 336, patchSize: 14, layers: 24 });
    expect(config.imageTokenId).toBe(32_000);
    expect(config.pinpoints.at(-1)).toEqual({ height: 336, width: 1008 });
    expect(config.decoder).toMatchObject({ hiddenSize: 4096, kvHeads: 32 });
  });

  it("takes Mistral's defaults where the decoder is one: all parameters of the 7B are there", async () => {
    const config = await read({
      text_config: MISTRAL,
      vision_config: undefined,
      image_grid_pinpoints: undefined,
    });
    expect(config.decoder).toMatchObject({
      hiddenSize: 4096,
      intermediateSize: 14_336,
      kvHeads: 8,
      ropeTheta: 1e6,
      contextLength: 32_768,
    });
    expect(parameters(config)).toBe(7_566_747_648);
  });

  it.each([null, 32_768, 40_000])('takes a window of %s, which hides nothing', async (window) => {
    const text_config = { ...MISTRAL, sliding_window: window };
    expect((await read({ text_config })).decoder.kvHeads).toBe(8);
  });

  it("takes Qwen2's defaults and biases where the decoder is one", async () => {
    const text_config = { model_type: 'qwen2', hidden_size: 8192, eos_token_id: 151_645 };
    const config = await read({ text_config, image_token_index: 151_646 });
    expect(config).toMatchObject({ imageTokenId: 151_646, eosTokenIds: [151_645] });
    const sizes = { hiddenSize: 8192, vocabSize: 151_936, contextLength: 32_768 };
    expect(config.decoder).toMatchObject({ ...sizes, qkvBias: true });
    expect(config.decoder).not.toHaveProperty('outputBias');
  });

  it.each<[string, Fields]>([
    ['text_config.sliding_window', { text_config: { ...MISTRAL, sliding_window: 4096 } }],
    ['text_config.sliding_window', { text_config: { ...MISTRAL, sliding_window: undefined } }],
    ['text_config.model_type', { text_config: { model_type: 'qwen3' } }],
    [
      'text_config.sliding_window',
      { text_config: { model_type: 'qwen2', use_sliding_window: true } },
    ],
    ['vision_feature_select_strategy', { vision_feature_select_strategy: 'full' }],
    ['use_image_newline_parameter', { use_image_newline_parameter: false }],
    ['image_grid_pinpoints', { image_grid_pinpoints: [[56, 100]] }],
    ['image_grid_pinpoints', { image_grid_pinpoints: [] }],
  ])('that says %s otherwise is refused by that name', async (field, fields) => {
    const reading = read(fields);
    await expect(reading).rejects.toBeInstanceOf(CheckpointError);
    await expect(reading).rejects.toThrow(field);
  });
});

describe('LLaVA-NeXT tensors', async () => {
  const dir = repositoryPath(FOLDER);
  const config = await readTargetConfig(modelFolder(dir));
  const table = await readTensorTable(dir);

  it('may have the names that transformers writes since 4.52', () => {
    const newer = new Map<string, TensorRef>();
    for (const [name, ref] of table) {
      const moved = name
        .replace(/^language_model\.(model\.)?/, (_, inner) =>
          inner ? 'model.language_model.' : '',
        )
        .replace(/^(vision_tower|multi_modal_projector|image_newline)/, 'model.$1');
      newer.set(moved, ref);
    }
    const published = selectTargetTensors(table, config, dir);
    expect(newer.has('model.image_newline')).toBe(true);
    expect(selectTargetTensors(newer, config, dir)).toEqual(published);
  });

  it('must hold the embedding that ends a line', () => {
    const without = new Map(table);
    without.delete('image_newline');
    expect(() => selectTargetTensors(without, config, dir)).toThrow(TensorsError);
    expect(() => selectTargetTensors(without, config, dir)).toThrow('image_newline');
  });
});
