import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  CheckpointError,
  DraftMismatchError,
  TensorsError,
  UnknownFamilyError,
} from '../contracts/errors.ts';
import { matchDraft, readDraft } from './draft.ts';
import { readFloats } from './read-tensor.ts';
import { readTargetConfig } from './target-files.ts';
import { readTensorTable } from './tensor-table.ts';
import { copyOf, LLAVA_GQA, setFields, TINY_DRAFT, TINY_TARGET } from './testing/folders.ts';
import { type StoredTensor, writeSafetensors } from './testing/write-safetensors.ts';

const vector = (n: number): StoredTensor => ({
  dtype: 'F32',
  shape: [n],
  data: new Float32Array(n),
});

/** A copy of the tiny draft with some tensors replaced, added, or (undefined) taken away. */
async function draftWith(changes: Record<string, StoredTensor | undefined>): Promise<string> {
  const dir = copyOf(TINY_DRAFT);
  const tensors: Record<string, StoredTensor> = {};
  for (const [name, ref] of await readTensorTable(TINY_DRAFT)) {
    tensors[name] = { dtype: 'F32', shape: ref.shape, data: await readFloats(ref) };
  }
  for (const [name, change] of Object.entries(changes)) {
    if (change === undefined) delete tensors[name];
    else tensors[name] = change;
  }
  writeSafetensors(join(dir, 'model.safetensors'), tensors);
  return dir;
}

function draftWithConfig(fields: Record<string, unknown>): string {
  const dir = copyOf(TINY_DRAFT);
  setFields(join(dir, 'config.json'), fields);
  return dir;
}

describe('readDraft', () => {
  it('reads the tiny draft', async () => {
    const { config, tensors } = await readDraft(TINY_DRAFT);
    expect(config).toEqual({
      family: 'llava',
      hiddenSize: 160,
      intermediateSize: 432,
      heads: 5,
      kvHeads: 5,
      headDim: 32,
      vocabSize: 1024,
      rmsNormEps: 1e-5,
      ropeTheta: 10000,
      contextLength: 1024,
      fcBias: true,
    });
    expect(tensors.size).toBe(11);
  });

  it('expects a bias unless the config says false', async () => {
    expect((await readDraft(draftWithConfig({ bias: undefined }))).config.fcBias).toBe(true);
    const dir = await draftWith({ 'fc.bias': undefined });
    setFields(join(dir, 'config.json'), { bias: false });
    expect((await readDraft(dir)).tensors.has('fc.bias')).toBe(false);
    await expect(readDraft(draftWithConfig({ bias: false }))).rejects.toMatchObject({
      unexpected: ['fc.bias'],
    });
  });

  it('lists every tensor that does not fit', async () => {
    const dir = await draftWith({
      'fc.bias': undefined,
      'layers.0.input_layernorm.weight': vector(160),
      'layers.0.post_attention_layernorm.weight': vector(161),
    });
    const error: unknown = await readDraft(dir).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(TensorsError);
    expect(error).toMatchObject({
      missing: ['fc.bias'],
      unexpected: ['layers.0.input_layernorm.weight'],
      misshapen: ['layers.0.post_attention_layernorm.weight [161] wants [160]'],
    });
  });

  it('refuses another family by name', async () => {
    const reading = readDraft(draftWithConfig({ model_type: 'qwen2_vl' }));
    await expect(reading).rejects.toBeInstanceOf(UnknownFamilyError);
    await expect(reading).rejects.toMatchObject({ modelType: 'qwen2_vl' });
  });

  it.each<[string, unknown]>([
    ['qkv_bias', true],
    ['num_hidden_layers', 2],
    ['num_hidden_layers', undefined],
    ['hidden_act', 'gelu'],
    ['rope_scaling', { type: 'linear', factor: 2 }],
    ['hidden_size', '160'],
  ])('refuses %s %j, naming it', async (field, value) => {
    const reading = readDraft(draftWithConfig({ [field]: value }));
    await expect(reading).rejects.toBeInstanceOf(CheckpointError);
    await expect(reading).rejects.toThrow(`${field} is ${JSON.stringify(value) ?? 'missing'}`);
  });

  it('says that a pickled draft must be converted', async () => {
    const dir = copyOf(TINY_DRAFT);
    rmSync(join(dir, 'model.safetensors'));
    writeFileSync(join(dir, 'pytorch_model.bin'), '');
    await expect(readDraft(dir)).rejects.toThrow('convert them to model.safetensors');
  });

  it('refuses a target in place of a draft', async () => {
    await expect(readDraft(TINY_TARGET)).rejects.toBeInstanceOf(CheckpointError);
    const dir = copyOf(TINY_DRAFT);
    cpSync(join(TINY_TARGET, 'model.safetensors'), join(dir, 'model.safetensors'));
    await expect(readDraft(dir)).rejects.toBeInstanceOf(TensorsError);
  });
});

describe('matchDraft', () => {
  it('takes the draft of the target, and one with a shorter vocabulary', async () => {
    const target = await readTargetConfig(TINY_TARGET);
    const { config } = await readDraft(TINY_DRAFT);
    expect(() => matchDraft(config, target)).not.toThrow();
    expect(() => matchDraft({ ...config, vocabSize: 960 }, target)).not.toThrow();
  });

  it('refuses a longer vocabulary than the head has rows', async () => {
    const target = await readTargetConfig(TINY_TARGET);
    const { config } = await readDraft(TINY_DRAFT);
    expect(() => matchDraft({ ...config, vocabSize: 1025 }, target)).toThrow(
      expect.objectContaining({ field: 'vocabulary size', draft: 1025, target: 1024 }),
    );
  });

  it('refuses features of another width', async () => {
    const target = await readTargetConfig(LLAVA_GQA);
    const { config } = await readDraft(TINY_DRAFT);
    expect(() => matchDraft(config, target)).toThrow(DraftMismatchError);
    expect(() => matchDraft(config, target)).toThrow("hidden size is 160 but the target's is 64");
  });
});
