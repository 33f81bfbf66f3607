import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelFolder } from '../checkpoint/model-folder.ts';
import { readTensorTable } from '../checkpoint/tensor-table.ts';
import {
  copyOf,
  LLAVA_GQA,
  QWEN2_VL_DRAFT,
  setFields,
  TINY_DRAFT,
  TINY_TARGET,
  tempFolder,
} from '../checkpoint/testing/folders.ts';
import {
  CheckpointError,
  DraftMismatchError,
  TensorsError,
  UnknownFamilyError,
  UnsupportedDraftError,
} from '../contracts/errors.ts';
import { readFloats } from '../formats/read-tensor.ts';
import { type StoredTensor, writeSafetensors } from '../safetensors/testing/write-safetensors.ts';
import { matchDraft } from './match-draft.ts';
import { readDraft as readFolder } from './read-draft.ts';
import { readTargetConfig } from './read-target.ts';

const readDraft = (dir: string) => readFolder(modelFolder(dir));

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

  it('reads the same from parsed files and a table of tensors that are handed over', async () => {
    const disk = modelFolder(TINY_DRAFT);
    const [config, table] = [await disk.json('config.json'), await disk.tensors()];
    const handedOver = {
      path: 'https://models/draft',
      names: async () => ['https://models/draft'],
      json: async (file: string) => ({
        path: file,
        value: file === 'config.json' ? config.value : undefined,
      }),
      text: async () => undefined,
      tensors: async () => table,
      fingerprint: async () => 'as fetched',
      tower: async () => expect.unreachable('no draft has a tower'),
    };
    const fetched = await readFolder(handedOver);
    expect(fetched).toEqual({ ...(await readDraft(TINY_DRAFT)), fingerprint: 'as fetched' });
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
    const reading = readDraft(draftWithConfig({ model_type: 'mistral' }));
    await expect(reading).rejects.toBeInstanceOf(UnknownFamilyError);
    await expect(reading).rejects.toMatchObject({ modelType: 'mistral' });
  });

  it.each<[string, unknown]>([
    ['qkv_bias', 'yes'],
    ['attention_bias', true],
    ['num_hidden_layers', 2],
    ['num_hidden_layers', undefined],
    ['hidden_act', 'gelu'],
    ['hidden_size', '160'],
  ])('refuses %s %j, naming it', async (field, value) => {
    const reading = readDraft(draftWithConfig({ [field]: value }));
    await expect(reading).rejects.toBeInstanceOf(CheckpointError);
    await expect(reading).rejects.toThrow(`${field} is ${JSON.stringify(value) ?? 'missing'}`);
  });

  it('reads the official draft of Qwen2-VL, whose layer has a norm and biases', async () => {
    const { config, tensors } = await readDraft(QWEN2_VL_DRAFT);
    expect(config).toMatchObject({
      family: 'qwen2_vl',
      inputNorm: true,
      qkvBias: true,
      fcBias: true,
      kvHeads: 2,
      ropeTheta: 1e6,
      mropeSection: [2, 5, 5],
    });
    expect(tensors.size).toBe(15);
  });

  it('lists what a Qwen2-VL draft lacks of them', async () => {
    const dir = copyOf(QWEN2_VL_DRAFT);
    cpSync(join(TINY_DRAFT, 'model.safetensors'), join(dir, 'model.safetensors'));
    const error: unknown = await readDraft(dir).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(TensorsError);
    expect(error).toMatchObject({
      missing: [
        'layers.0.input_layernorm.weight',
        'layers.0.self_attn.q_proj.bias',
        'layers.0.self_attn.k_proj.bias',
        'layers.0.self_attn.v_proj.bias',
      ],
    });
  });

  it.each(['hidden_size', 'rope_theta', 'rms_norm_eps'])(
    'wants %s of a Qwen2-VL draft',
    async (field) => {
      const dir = copyOf(QWEN2_VL_DRAFT);
      setFields(join(dir, 'config.json'), { [field]: undefined });
      await expect(readDraft(dir)).rejects.toThrow(`${field} is missing; `);
    },
  );

  it('reads EAGLE-2 drafts of text decoders, with biases where the config says so', async () => {
    const { config } = await readDraft(draftWithConfig({ model_type: 'llama', rope_theta: 5e5 }));
    expect(config).toMatchObject({ family: 'llama', fcBias: true, ropeTheta: 5e5 });
    expect(config).not.toHaveProperty('qkvBias');
    const biases = ['q', 'k', 'v'].map((name) => [
      `layers.0.self_attn.${name}_proj.bias`,
      vector(160),
    ]);
    const dir = await draftWith(Object.fromEntries(biases));
    setFields(join(dir, 'config.json'), { model_type: 'qwen2', qkv_bias: true });
    expect((await readDraft(dir)).config).toMatchObject({ family: 'qwen2', qkvBias: true });
  });

  it('refuses a target in place of a draft', async () => {
    await expect(readDraft(TINY_TARGET)).rejects.toBeInstanceOf(CheckpointError);
    const dir = copyOf(TINY_DRAFT);
    cpSync(join(TINY_TARGET, 'model.safetensors'), join(dir, 'model.safetensors'));
    await expect(readDraft(dir)).rejects.toThrow('a model of its own and no draft');
  });
});

describe('drafts of other methods', () => {
  const refused = async (dir: string, method: string) => {
    const error: unknown = await readDraft(dir).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(UnsupportedDraftError);
    expect(error).toMatchObject({ method: expect.stringContaining(method) });
  };

  it.each<[string, string]>([
    ['EAGLE-3', 'd2t'],
    ['EAGLE-3', 'midlayer.self_attn.q_proj.weight'],
    ['EAGLE-3', 'layers.0.hidden_norm.weight'],
    ['DREAM', 'layers.1.cross_attn.q_proj.weight'],
    ['DREAM', 'layers.1.cross_attn_attn_gate'],
    ['ViSpec', 'imadpt.q'],
    ['ViSpec', 'img_fc.weight'],
  ])('are refused by name: %s for its %s', async (method, tensor) => {
    await refused(await draftWith({ [tensor]: vector(4) }), method);
  });

  it.each<[string, Record<string, unknown>]>([
    ['EAGLE-3', { architectures: ['LlamaForCausalLMEagle3'] }],
    ['EAGLE-3', { draft_vocab_size: 320 }],
    ['EAGLE-3', { speculators_model_type: 'eagle3' }],
    ['k-means', { visual_compression: 32 }],
    ['k-means', { _name_or_path: 'lucylyn/MSD-Qwen2.5VL-7B-Instruct' }],
  ])('are refused by name: %s for its config %j', async (method, fields) => {
    await refused(draftWithConfig(fields), method);
  });

  it.each([
    'MSD-LLaVA1.6-7B',
    'models--lucylyn--MSD-LLaVA1.6-7B/snapshots/0f',
    'models--lucylyn--MSD-Qwen2.5VL-7B-Instruct/snapshots/0f',
  ])('with compression are told by the folder %s', async (name) => {
    const dir = join(tempFolder(), name);
    cpSync(TINY_DRAFT, dir, { recursive: true });
    await refused(dir, 'k-means');
  });

  it('with compression are told by their card', async () => {
    const dir = copyOf(TINY_DRAFT);
    writeFileSync(join(dir, 'README.md'), 'Visual tokens are compressed by KMeans.');
    await refused(dir, 'k-means');
    writeFileSync(join(dir, 'README.md'), 'An MSD draft.');
    await expect(readDraft(dir)).resolves.toBeDefined();
  });

  it.each(['MSD-LLaVA1.5-7B', 'models--Cloudriver--MSD-Qwen2.5-VL-7B-Instruct/snapshots/0f'])(
    'are not taken for others: %s',
    async (name) => {
      const dir = join(tempFolder(), name);
      cpSync(TINY_DRAFT, dir, { recursive: true });
      await expect(readDraft(dir)).resolves.toBeDefined();
    },
  );
});

describe('matchDraft', () => {
  it('takes the draft of the target, and one with a shorter vocabulary', async () => {
    const target = await readTargetConfig(modelFolder(TINY_TARGET));
    const { config } = await readDraft(TINY_DRAFT);
    expect(() => matchDraft(config, target)).not.toThrow();
    expect(() => matchDraft({ ...config, vocabSize: 960 }, target)).not.toThrow();
  });

  it('refuses a longer vocabulary than the head has rows', async () => {
    const target = await readTargetConfig(modelFolder(TINY_TARGET));
    const { config } = await readDraft(TINY_DRAFT);
    expect(() => matchDraft({ ...config, vocabSize: 1025 }, target)).toThrow(
      expect.objectContaining({ field: 'vocabulary size', draft: 1025, target: 1024 }),
    );
  });

  it.each([
    ['llama', 'llava', true],
    ['llama', 'llama', true],
    ['qwen2', 'qwen2_5_vl', true],
    ['qwen2_vl', 'qwen2_5_vl', true],
    ['llava', 'llava_next', true],
    ['llava', 'llama', false],
    ['qwen2_vl', 'qwen2', false],
    ['llava', 'qwen2_vl', false],
    ['qwen2', 'llama', false],
  ] as const)('a draft of %s for a target of %s: %s', async (draft, target, fits) => {
    const { decoder } = await readTargetConfig(modelFolder(TINY_TARGET));
    const { config } = await readDraft(TINY_DRAFT);
    const match = () => matchDraft({ ...config, family: draft }, { family: target, decoder });
    if (fits) expect(match).not.toThrow();
    else expect(match).toThrow(`The draft's family is ${draft} but the target's is ${target}`);
  });

  it('refuses features of another width', async () => {
    const target = await readTargetConfig(modelFolder(LLAVA_GQA));
    const { config } = await readDraft(TINY_DRAFT);
    expect(() => matchDraft(config, target)).toThrow(DraftMismatchError);
    expect(() => matchDraft(config, target)).toThrow("hidden size is 160 but the target's is 64");
  });
});
