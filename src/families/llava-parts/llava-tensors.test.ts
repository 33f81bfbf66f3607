import { describe, expect, it } from 'vitest';
import { modelFolder } from '../../checkpoint/model-folder.ts';
import { readTensorTable } from '../../checkpoint/tensor-table.ts';
import { LLAVA_GQA, TINY_TARGET } from '../../checkpoint/testing/folders.ts';
import type { TensorRef, TensorTable } from '../../contracts/checkpoint.ts';
import { TensorsError } from '../../contracts/errors.ts';
import { selectTargetTensors } from '../families.ts';
import type { LlavaConfig } from '../llava/llava-config.ts';
import { readTargetConfig } from '../read-target.ts';

const HEAD = 'language_model.lm_head.weight';
const LAST_LAYER = 'vision_tower.vision_model.encoder.layers.3.';

const load = async (dir: string) => ({
  config: (await readTargetConfig(modelFolder(dir))) as LlavaConfig,
  table: await readTensorTable(dir),
});

function renamed(table: TensorTable, rename: (name: string) => string): Map<string, TensorRef> {
  return new Map([...table].map(([name, ref]) => [rename(name), ref]));
}

/** What versions of transformers make of the published names. */
const STYLES: readonly (readonly [string, (name: string) => string])[] = [
  [
    '4.52',
    (name) =>
      name
        .replace(/^language_model\.model/, 'model.language_model')
        .replace(/^language_model\.lm_head/, 'lm_head')
        .replace(/^(vision_tower|multi_modal_projector)/, 'model.$1'),
  ],
  [
    '5.5',
    (name) =>
      name.replace(/^(language_model\.model|vision_tower|multi_modal_projector)/, 'model.$1'),
  ],
  ['a tower of its own', (name) => name.replace('vision_tower.vision_model', 'vision_tower')],
  [
    'a tower of its own, in 4.52',
    (name) => name.replace('vision_tower.vision_model', 'model.vision_tower'),
  ],
];

function failure(select: () => unknown): TensorsError {
  try {
    select();
  } catch (error) {
    if (error instanceof TensorsError) return error;
    throw error;
  }
  throw new Error('expected a TensorsError');
}

describe('selectTargetTensors', () => {
  it('selects what the tiny target uses, and not the tower beyond its feature', async () => {
    const { config, table } = await load(TINY_TARGET);
    const selected = selectTargetTensors(table, config, TINY_TARGET);
    const unused = [...table.keys()].filter((name) => !selected.has(name));
    expect(
      unused.every((name) => name.startsWith(LAST_LAYER) || name.includes('post_layernorm')),
    ).toBe(true);
    expect(unused).toHaveLength(18);
    expect([...selected].every(([name, ref]) => table.get(name) === ref)).toBe(true);
  });

  it('asks for no head of a tied model', async () => {
    const { config, table } = await load(LLAVA_GQA);
    const selected = selectTargetTensors(table, config, LLAVA_GQA);
    expect(selected.has(HEAD)).toBe(false);
    const layers = config.vision.layers;
    expect(
      selected.has(`vision_tower.vision_model.encoder.layers.${layers - 1}.mlp.fc1.bias`),
    ).toBe(true);
  });

  it('leaves a stored head of a tied model unused, as transformers does', async () => {
    const { config, table } = await load(TINY_TARGET);
    const tied = { ...config, decoder: { ...config.decoder, tiedEmbeddings: true } };
    expect(selectTargetTensors(table, config, TINY_TARGET).has(HEAD)).toBe(true);
    expect(selectTargetTensors(table, tied, TINY_TARGET).has(HEAD)).toBe(false);
  });

  it.each(STYLES)('gives the names of %s their published ones', async (_, style) => {
    const { config, table } = await load(TINY_TARGET);
    const other = renamed(table, style);
    expect(other).not.toEqual(table);
    expect(selectTargetTensors(other, config, TINY_TARGET)).toEqual(
      selectTargetTensors(table, config, TINY_TARGET),
    );
  });

  it('does without the unused end of the tower', async () => {
    const { config, table } = await load(TINY_TARGET);
    const lean = new Map(
      [...table].filter(
        ([name]) => !name.startsWith(LAST_LAYER) && !name.includes('post_layernorm'),
      ),
    );
    expect(selectTargetTensors(lean, config, TINY_TARGET).size).toBe(lean.size);
  });

  it('counts a positive feature layer from the embeddings', async () => {
    const { config, table } = await load(TINY_TARGET);
    const first = { ...config, projector: { ...config.projector, featureLayer: 1 } };
    const names = [...selectTargetTensors(table, first, TINY_TARGET).keys()];
    expect(names.some((name) => name.includes('encoder.layers.0.'))).toBe(true);
    expect(names.some((name) => name.includes('encoder.layers.1.'))).toBe(false);
  });

  it('lists everything that is missing, unexpected or misshapen in one error', async () => {
    const { config, table } = await load(TINY_TARGET);
    const norm = table.get('language_model.model.norm.weight') as TensorRef;
    const broken = new Map(table);
    broken.delete(HEAD);
    broken.delete('multi_modal_projector.linear_2.bias');
    broken.set('language_model.model.layers.5.input_layernorm.weight', norm);
    broken.set('image_newline', norm);
    broken.set('language_model.model.norm.weight', { ...norm, shape: [1, 160] });
    broken.set('vision_tower.vision_model.post_layernorm.bias', norm);
    const error = failure(() => selectTargetTensors(broken, config, 'folder'));
    expect(error).toMatchObject({
      path: 'folder',
      missing: [HEAD, 'multi_modal_projector.linear_2.bias'],
      unexpected: ['language_model.model.layers.5.input_layernorm.weight', 'image_newline'],
      misshapen: [
        'language_model.model.norm.weight [1, 160] wants [160]',
        'vision_tower.vision_model.post_layernorm.bias [160] wants [96]',
      ],
    });
  });

  it.each([
    'language_model.model.embed_tokens.weight',
    'language_model.model.layers.4.self_attn.k_proj.weight',
    'language_model.model.layers.0.mlp.down_proj.weight',
    'vision_tower.vision_model.pre_layrnorm.bias',
    'vision_tower.vision_model.embeddings.patch_embedding.weight',
    'multi_modal_projector.linear_1.weight',
  ])('misses %s', async (name) => {
    const { config, table } = await load(TINY_TARGET);
    const broken = new Map(table);
    broken.delete(name);
    expect(failure(() => selectTargetTensors(broken, config, '')).missing).toEqual([name]);
  });

  it('refuses biases of a projector that has none', async () => {
    const { config, table } = await load(TINY_TARGET);
    const unbiased = { ...config, projector: { ...config.projector, bias: false } };
    expect(failure(() => selectTargetTensors(table, unbiased, '')).unexpected).toEqual([
      'multi_modal_projector.linear_1.bias',
      'multi_modal_projector.linear_2.bias',
    ]);
  });

  it('refuses one tensor in both styles', async () => {
    const { config, table } = await load(TINY_TARGET);
    const both = new Map(table).set('lm_head.weight', table.get(HEAD) as TensorRef);
    expect(failure(() => selectTargetTensors(both, config, '')).unexpected).toEqual([
      'lm_head.weight',
    ]);
  });
});
