import { chmodSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  copyOf,
  orTiny,
  setFields,
  setFieldsOf,
  TINY_DRAFT,
  TINY_TARGET,
} from './checkpoint/testing/folders.ts';
import type { GenerateOptions, GenerateResult } from './contracts/generate.ts';
import type { LoadOptions } from './contracts/load.ts';
import * as msd from './index.ts';
import { writeSafetensors } from './safetensors/testing/write-safetensors.ts';

/** Costs of the models that are made here. */
const CACHE = mkdtempSync(join(tmpdir(), 'msd-costs-'));

beforeEach(() => {
  vi.stubEnv('XDG_CACHE_HOME', CACHE);
});
afterAll(() => rmSync(CACHE, { recursive: true, force: true }));

const PICTURE = 'fixtures/tiny/images/square.png';

const inPlace = (options: LoadOptions) =>
  msd.load({ ...orTiny(options), thread: false, threads: 1 });

async function resultOf(model: msd.MsdModel, options: GenerateOptions): Promise<GenerateResult> {
  for await (const event of model.generate(options)) if (event.type === 'done') return event.result;
  throw new Error('the stream ended without a result');
}

/** Reads a file of a copied model as JSON, changes it, and writes it back. */
function change(path: string, edit: (json: Record<string, unknown>) => void): void {
  const json = JSON.parse(readFileSync(path, 'utf8'));
  edit(json);
  writeFileSync(path, JSON.stringify(json));
}

describe('load', () => {
  it('without options loads the pair of the package', async () => {
    await using model = await inPlace({});
    expect(model.info).toMatchObject({ model: TINY_TARGET, draft: TINY_DRAFT, device: 'cpu' });
    expect(model.info.parameters).toBeGreaterThan(2e6);
    expect(model.info.costs.draftLevel).toBeGreaterThan(0);
  });

  it('takes another model without the embedded draft', async () => {
    await using model = await inPlace({ model: TINY_TARGET });
    expect(model.info.draft).toBeNull();
    const { run } = await resultOf(model, { prompt: 'Hi', maxTokens: 2 });
    expect(run.drafter).toBe('recycled');
  });

  it.each<[string, object]>([
    ['threads', { threads: 0 }],
    ['threads', { threads: 1.5 }],
    ['threads', { threads: 1025 }],
    ['threads', { threads: '2' }],
    ['drafters', { drafters: { mine: 5 } }],
    ['drafters', { drafters: { msd: () => {} } }],
    ['drafters', { drafters: { mine: () => {} }, thread: true }],
    ['device', { device: 'cuda' }],
    ['precision', { precision: 'int3' }],
    ['precision', { precision: { decoder: 'int3' } }],
    ['precision', { precision: { body: 'w8a8' } }],
    ['precision', { precision: { head: 'w8a8' }, device: 'webgpu' }],
    ['model', { model: 5 }],
    ['model', { model: '' }],
    ['draft', { draft: null }],
    ['thread', { thread: 'no' }],
    ['modle', { modle: '/a' }],
  ])('refuses a bad %s', async (option, options) => {
    const refused = msd.load(options as LoadOptions);
    await expect(refused).rejects.toBeInstanceOf(msd.OptionError);
    await expect(refused).rejects.toMatchObject({ option });
  });

  it('refuses webgpu in clear words where there is none', async ({ skip }) => {
    const refusal = await inPlace({ device: 'webgpu' }).then(
      (model) => model.dispose(),
      (error: unknown) => error,
    );
    if (refusal === undefined) skip('there is one');
    expect(refusal).toBeInstanceOf(msd.DeviceError);
    expect(String(refusal)).toMatch(/"webgpu" can't be used: .+ Use option device cpu[.]/);
  });
});

describe('a folder that is no model is refused by name:', () => {
  type Damage = (dir: string) => void;
  const bad: readonly [string, Damage, { new (...given: never[]): Error }, RegExp][] = [
    ['missing', (dir) => rmSync(dir, { recursive: true }), msd.CheckpointError, /no such file/],
    ['without a config', (dir) => rmSync(join(dir, 'config.json')), msd.CheckpointError, /config/],
    [
      'of another family',
      (dir) => setFields(join(dir, 'config.json'), { model_type: 'gpt2' }),
      msd.UnknownFamilyError,
      /"gpt2" is not supported; supported: llava/,
    ],
    [
      'with truncated weights',
      (dir) => truncateSync(join(dir, 'model.safetensors'), 5_000_000),
      msd.CheckpointError,
      /model[.]safetensors/,
    ],
    [
      'of other layers than its config says',
      (dir) => setFieldsOf(join(dir, 'config.json'), 'text_config', { num_hidden_layers: 6 }),
      msd.TensorsError,
      /missing/,
    ],
    [
      'with NaN in its weights',
      (dir) => {
        const path = join(dir, 'model.safetensors');
        const bytes = readFileSync(path);
        bytes.writeFloatLE(Number.NaN, bytes.length - 4);
        writeFileSync(path, bytes);
      },
      msd.NonFiniteWeightError,
      /NaN/,
    ],
    [
      'without a tokenizer',
      (dir) => rmSync(join(dir, 'tokenizer.json')),
      msd.CheckpointError,
      /tokenizer[.]json/,
    ],
    [
      'with a broken tokenizer',
      (dir) => writeFileSync(join(dir, 'tokenizer.json'), '{}'),
      msd.TokenizerError,
      /tokenizer[.]json/,
    ],
    [
      'with more tokens than the vocabulary has rows',
      (dir) =>
        change(join(dir, 'tokenizer.json'), (json) => {
          (json.added_tokens as object[]).push({
            ...(json.added_tokens as object[])[0],
            id: 1024,
            content: '<extra>',
          });
        }),
      msd.TokenizerError,
      /ids up to 1024 but the model's vocabulary ends at 1023/,
    ],
    [
      'without the image token',
      (dir) =>
        change(join(dir, 'tokenizer.json'), (json) => {
          const tokens = json.added_tokens as { id: number }[];
          json.added_tokens = tokens.filter(({ id }) => id !== 1022);
          const { vocab } = json.model as { vocab: Record<string, number> };
          for (const [token, id] of Object.entries(vocab)) if (id === 1022) delete vocab[token];
        }),
      msd.TokenizerError,
      /no token 1022/,
    ],
    [
      'without a chat template',
      (dir) => rmSync(join(dir, 'chat_template.json')),
      msd.ChatTemplateError,
      /template/,
    ],
    [
      'with a broken chat template',
      (dir) => setFields(join(dir, 'chat_template.json'), { chat_template: '{% for %}' }),
      msd.ChatTemplateError,
      /template/,
    ],
    [
      'without an image processor',
      (dir) => rmSync(join(dir, 'preprocessor_config.json')),
      msd.CheckpointError,
      /preprocessor_config[.]json/,
    ],
    [
      'whose processor makes pictures of another size',
      (dir) =>
        setFields(join(dir, 'preprocessor_config.json'), { crop_size: { height: 56, width: 64 } }),
      msd.CheckpointError,
      /makes pictures 64 x 56 but the vision tower reads 64 x 64/,
    ],
    [
      'whose processor makes pictures of any size',
      (dir) => setFields(join(dir, 'preprocessor_config.json'), { do_center_crop: false }),
      msd.CheckpointError,
      /of varying size/,
    ],
  ];

  it.each(bad)('%s', async (_, damage, type, words) => {
    const dir = copyOf(TINY_TARGET);
    damage(dir);
    const refused = inPlace({ model: dir });
    await expect(refused).rejects.toBeInstanceOf(type);
    await expect(refused).rejects.toThrow(words);
  });

  it.skipIf(process.getuid?.() === 0)('without permission', async () => {
    const dir = copyOf(TINY_TARGET);
    chmodSync(join(dir, 'model.safetensors'), 0);
    await expect(inPlace({ model: dir })).rejects.toThrow(/no permission/);
  });

  it('but a processor without a crop that makes the right size is taken', async () => {
    const dir = copyOf(TINY_TARGET);
    const size = { height: 64, width: 64 };
    setFields(join(dir, 'preprocessor_config.json'), { do_center_crop: false, size });
    await using model = await inPlace({ model: dir });
    expect((await resultOf(model, { prompt: 'Hi', maxTokens: 1 })).ids.length).toBe(1);
  });
});

/** A well-formed draft of other sizes, all zeros. */
function draftOf(hidden: number, vocab: number): string {
  const dir = copyOf(TINY_DRAFT);
  const sizes = { num_attention_heads: 1, num_key_value_heads: 1, head_dim: 32 };
  const [middle, head] = [16, 32];
  setFields(join(dir, 'config.json'), {
    ...sizes,
    hidden_size: hidden,
    intermediate_size: middle,
    vocab_size: vocab,
  });
  const zeros = (...shape: number[]) => {
    const size = shape.reduce((a, b) => a * b, 1);
    return { dtype: 'F32', shape, data: new Float32Array(size) };
  };
  const layer = 'layers.0';
  writeSafetensors(join(dir, 'model.safetensors'), {
    'embed_tokens.weight': zeros(vocab, hidden),
    'fc.weight': zeros(hidden, 2 * hidden),
    'fc.bias': zeros(hidden),
    [`${layer}.self_attn.q_proj.weight`]: zeros(head, hidden),
    [`${layer}.self_attn.k_proj.weight`]: zeros(head, hidden),
    [`${layer}.self_attn.v_proj.weight`]: zeros(head, hidden),
    [`${layer}.self_attn.o_proj.weight`]: zeros(hidden, head),
    [`${layer}.post_attention_layernorm.weight`]: zeros(hidden),
    [`${layer}.mlp.gate_proj.weight`]: zeros(middle, hidden),
    [`${layer}.mlp.up_proj.weight`]: zeros(middle, hidden),
    [`${layer}.mlp.down_proj.weight`]: zeros(hidden, middle),
  });
  return dir;
}

describe('a draft', () => {
  it.each([
    ['hidden size', 96, 1024, 96, 160],
    ['vocabulary size', 160, 1025, 1025, 1024],
  ])('of another %s is refused by name', async (field, hidden, vocab, draft, target) => {
    const refused = inPlace({ model: TINY_TARGET, draft: draftOf(hidden, vocab) });
    await expect(refused).rejects.toBeInstanceOf(msd.DraftMismatchError);
    await expect(refused).rejects.toMatchObject({ field, draft, target });
  });

  it('that is useless or knows fewer words writes the same text', async () => {
    const options = {
      prompt: 'What is red?',
      maxTokens: 30,
      tree: { total: 16, depth: 3, topK: 4 },
    };
    await using trained = await inPlace({});
    await using useless = await inPlace({ model: TINY_TARGET, draft: draftOf(160, 600) });
    const { text, tokensPerPass } = await resultOf(useless, options);
    expect(text).toBe((await resultOf(trained, options)).text);
    expect(tokensPerPass).toBeLessThan(1.5);
  });

  it('with NaN in its weights is refused by name', async () => {
    const draft = copyOf(TINY_DRAFT);
    const path = join(draft, 'model.safetensors');
    const bytes = readFileSync(path);
    bytes.writeFloatLE(Number.NaN, bytes.length - 4);
    writeFileSync(path, bytes);
    await expect(inPlace({ model: TINY_TARGET, draft })).rejects.toBeInstanceOf(
      msd.NonFiniteWeightError,
    );
  });
});

describe('a request', () => {
  it('for a drafter without its draft is refused, and the model goes on', async () => {
    await using model = await inPlace({ model: TINY_TARGET });
    for (const drafter of ['msd', 'eagle'] as const) {
      const refused = resultOf(model, { prompt: 'Hi', drafter });
      await expect(refused).rejects.toBeInstanceOf(msd.DrafterUnavailableError);
    }
    expect((await resultOf(model, { prompt: 'Hi', maxTokens: 3 })).ids.length).toBe(3);
  });

  it('that is bad is refused by name, and the model goes on', async () => {
    await using model = await inPlace({});
    const bad: readonly [GenerateOptions, { new (...given: never[]): Error }][] = [
      [{ prompt: '' }, msd.PromptError],
      [{ prompt: 'Hi', maxTokens: 0 }, msd.OptionError],
      [{ prompt: 'Hi', images: ['nowhere.png'] }, msd.ImageError],
      [{ prompt: 'Hi', images: [Uint8Array.of(1, 2, 3)] }, msd.ImageError],
      [{ prompt: 'long '.repeat(1100) }, msd.ContextLengthError],
      [{ prompt: 'Hi', images: new Array(17).fill(PICTURE) }, msd.ContextLengthError],
    ];
    for (const [options, type] of bad) {
      await expect(resultOf(model, options)).rejects.toBeInstanceOf(type);
    }
    expect((await resultOf(model, { prompt: 'Hi', maxTokens: 3 })).ids.length).toBe(3);
  });

  it('after dispose is refused', async () => {
    const model = await inPlace({});
    await model.dispose();
    await model.dispose();
    const refused = resultOf(model, { prompt: 'Hi' });
    await expect(refused).rejects.toBeInstanceOf(msd.DisposedError);
  });

  it('with every drafter writes the same, alone and beside others', async () => {
    await using model = await inPlace({});
    const laws = [{}, { temperature: 1, topP: 0.9, seed: 5 }];
    const names = ['msd', 'eagle', 'recycled', 'suffix', 'prompt-lookup', 'none'] as const;
    const prompt = 'What is in the picture?';
    for (const law of laws) {
      const options = { ...law, prompt, images: [PICTURE], maxTokens: 48, ignoreEos: true };
      const alone: string[] = [];
      for (const drafter of names)
        alone.push((await resultOf(model, { ...options, drafter })).text);
      expect(new Set(alone).size).toBe(1);
      const beside = names.map((drafter) => resultOf(model, { ...options, drafter }));
      expect((await Promise.all(beside)).map(({ text }) => text)).toEqual(alone);
    }
  });

  it('of a second turn says the same as in a model that was just loaded', async () => {
    await using model = await inPlace({});
    const first = { role: 'user', content: 'What is in the picture?' } as const;
    const one = await resultOf(model, { messages: [first], maxTokens: 40 });
    const messages = [
      first,
      { role: 'assistant', content: one.text },
      { role: 'user', content: 'And what else?' },
    ] as const;
    const two = await resultOf(model, { messages, maxTokens: 40 });
    expect(two.cachedTokens).toBeGreaterThan(one.promptTokens);
    await using fresh = await inPlace({});
    const scratch = await resultOf(fresh, { messages, maxTokens: 40 });
    expect(scratch.cachedTokens).toBe(0);
    expect(two.ids).toEqual(scratch.ids);
  });

  it('gives timings that add up', async () => {
    await using model = await inPlace({});
    const { timings } = await resultOf(model, { prompt: 'Hi', images: [PICTURE], maxTokens: 60 });
    const { total, firstToken, ...parts } = timings;
    expect(firstToken).toBeGreaterThanOrEqual(parts.vision + parts.prefill);
    expect(firstToken).toBeLessThan(total);
    const sum = Object.values(parts).reduce((a, b) => a + b, 0);
    expect(sum).toBeLessThanOrEqual(total);
    expect(sum).toBeGreaterThan(total * 0.7);
  });
});
