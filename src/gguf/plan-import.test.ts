import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GGMLQuantizationType as T } from '@huggingface/gguf';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planExport } from '../checkpoint/export-plan.ts';
import { readTensorTable } from '../checkpoint/tensor-table.ts';
import { tempFolder } from '../checkpoint/testing/folders.ts';
import { writeModelFolder } from '../checkpoint/write-model-folder.ts';
import { MsdError } from '../contracts/errors.ts';
import { widened } from '../formats/forms/stored/stored-types.ts';
import { readFloats } from '../formats/read-tensor.ts';
import { createTokenizer } from '../input/tokenizer.ts';
import { blockType } from './block-types.ts';
import { type ImportType, planImport } from './plan-import.ts';
import { countedF32, TINY, tinyGguf, tinyMetadata, tinyTensors } from './testing/tiny-gguf.ts';
import type { TestMetadata, TestTensor } from './testing/write-gguf.ts';

const RUNS = Number(process.env.MSD_FUZZ ?? 300);
const ALL = [T.F32, T.F16, T.BF16, T.Q8_0, T.Q4_0, T.Q4_1, T.Q4_K, T.Q5_K, T.Q6_K];

function stored(bytes: Uint8Array): string {
  const path = join(tempFolder(), 'model.gguf');
  writeFileSync(path, bytes);
  return path;
}

const plan = (metadata?: TestMetadata, tensors?: readonly TestTensor[], dtype?: ImportType) =>
  planImport(stored(tinyGguf(metadata, tensors)), dtype ?? 'F32');

async function configOf(metadata?: TestMetadata, tensors?: readonly TestTensor[]) {
  return JSON.parse((await plan(metadata, tensors)).texts.get('config.json') ?? '');
}

function numbersOf({ type, data }: TestTensor): Float32Array {
  const dtype = blockType(type);
  if (dtype === undefined) throw new Error(`type ${type} is not read`);
  return widened(dtype, data);
}

/** Row r of what Hugging Face has, from llama.cpp's: convert_hf_to_gguf splits a head's rows in halves and interleaves. */
function unturned(values: Float32Array, columns: number, headDim: number): number[] {
  const rows = values.length / columns;
  return Array.from({ length: rows }, (_, row) => {
    const [head, inHead] = [Math.floor(row / headDim), row % headDim];
    const [part, i] = [Math.floor(inHead / (headDim / 2)), inHead % (headDim / 2)];
    const from = head * headDim + 2 * i + part;
    return [...values.subarray(from * columns, (from + 1) * columns)];
  }).flat();
}

async function imported(
  metadata: TestMetadata,
  tensors: readonly TestTensor[],
  dtype?: ImportType,
) {
  const dir = join(tempFolder(), 'out');
  await writeModelFolder(dir, await plan(metadata, tensors, dtype));
  const table = await readTensorTable(dir);
  return {
    dir,
    table,
    names: [...table.keys()].sort(),
    numbers: async (name: string) => {
      const ref = table.get(name);
      if (ref === undefined) throw new Error(`${name} is not there`);
      return [...(await readFloats(ref))];
    },
  };
}

describe('a llama GGUF of every type', () => {
  const tensors = tinyTensors(ALL);
  const source = (name: string) => tensors.find((tensor) => tensor.name === name) as TestTensor;

  it('becomes the tensors of a LlamaForCausalLM', async () => {
    const { names, numbers } = await imported(tinyMetadata(), tensors);
    expect(names).toEqual([
      'model.embed_tokens.weight',
      'model.layers.0.input_layernorm.weight',
      'model.layers.0.mlp.down_proj.weight',
      'model.layers.0.mlp.gate_proj.weight',
      'model.layers.0.mlp.up_proj.weight',
      'model.layers.0.post_attention_layernorm.weight',
      'model.layers.0.self_attn.k_proj.weight',
      'model.layers.0.self_attn.o_proj.weight',
      'model.layers.0.self_attn.q_proj.weight',
      'model.layers.0.self_attn.v_proj.weight',
      'model.norm.weight',
    ]);
    for (const [name, theirs] of [
      ['token_embd.weight', 'model.embed_tokens.weight'],
      ['output_norm.weight', 'model.norm.weight'],
      ['blk.0.attn_norm.weight', 'model.layers.0.input_layernorm.weight'],
      ['blk.0.ffn_norm.weight', 'model.layers.0.post_attention_layernorm.weight'],
      ['blk.0.attn_v.weight', 'model.layers.0.self_attn.v_proj.weight'],
      ['blk.0.attn_output.weight', 'model.layers.0.self_attn.o_proj.weight'],
      ['blk.0.ffn_gate.weight', 'model.layers.0.mlp.gate_proj.weight'],
      ['blk.0.ffn_up.weight', 'model.layers.0.mlp.up_proj.weight'],
      ['blk.0.ffn_down.weight', 'model.layers.0.mlp.down_proj.weight'],
    ] as const) {
      expect(await numbers(theirs), name).toEqual([...numbersOf(source(name))]);
    }
    for (const part of ['q', 'k']) {
      const turned = numbersOf(source(`blk.0.attn_${part}.weight`));
      const expected = unturned(turned, TINY.hidden, TINY.headDim);
      expect(await numbers(`model.layers.0.self_attn.${part}_proj.weight`), part).toEqual(expected);
    }
  });

  it.each(ALL)(
    'keeps what it stores as type %i, and reads the same numbers of it',
    async (type) => {
      const own = tinyTensors([type]);
      const kept = await imported(tinyMetadata(), own, 'stored');
      const wide = await imported(tinyMetadata(), own);
      for (const name of wide.names) {
        expect(await kept.numbers(name), name).toEqual(await wide.numbers(name));
      }
      const { q, table } = {
        q: kept.table.get('model.layers.0.self_attn.q_proj.weight'),
        table: kept.table.get('model.embed_tokens.weight'),
      };
      expect(q?.dtype).toBe(blockType(type));
      const isLookedUp = [T.F32, T.F16, T.BF16, T.Q8_0].includes(type);
      expect(table?.dtype).toBe(isLookedUp ? blockType(type) : 'F32');
    },
  );

  it('is exported as the same numbers, kept in blocks or widened', async () => {
    const kept = await imported(tinyMetadata(), tinyTensors([T.Q8_0, T.Q4_1]), 'stored');
    for (const dtype of [undefined, 'F32'] as const) {
      const out = join(tempFolder(), 'out');
      await writeModelFolder(out, await planExport(kept.dir, dtype && { dtype }));
      for (const [name, ref] of await readTensorTable(out)) {
        expect(ref.dtype, name).toBe(dtype ?? kept.table.get(name)?.dtype);
        expect([...(await readFloats(ref))], name).toEqual(await kept.numbers(name));
      }
    }
  });

  it('is refused where the type of a matrix in blocks is not known, or does not fit', async () => {
    const kept = await imported(tinyMetadata(), tinyTensors([T.Q8_0]), 'stored');
    const path = join(kept.dir, 'model.safetensors');
    const bytes = readFileSync(path, 'latin1');
    for (const other of ['Q9_0', 'Q6_K']) {
      writeFileSync(path, bytes.replaceAll('"Q8_0"', `"${other}"`), 'latin1');
      await expect(readTensorTable(kept.dir), other).rejects.toThrow(/is stored as U8; use/);
    }
  });

  it('counts the types', async () => {
    const { types } = await plan(tinyMetadata(), tinyTensors([T.Q4_K, T.Q6_K]));
    expect([...types].sort()).toEqual([
      ['F32', 3],
      ['Q4_K', 4],
      ['Q6_K', 4],
    ]);
  });

  it('unturns the biases of its projections too', async () => {
    const biased = [
      ...tinyTensors([T.F32], true),
      countedF32('blk.0.attn_output.bias', [TINY.hidden]),
    ];
    const { numbers } = await imported(tinyMetadata(), biased);
    const bias = numbersOf(countedF32('b', [TINY.hidden]));
    expect(await numbers('model.layers.0.self_attn.q_proj.bias')).toEqual(
      unturned(bias, 1, TINY.headDim),
    );
    expect(await configOf(tinyMetadata(), biased)).toMatchObject({ attention_bias: true });
  });

  it('takes an untied head for what it is', async () => {
    const head = countedF32('output.weight', [TINY.vocab, TINY.hidden]);
    expect(await configOf()).toMatchObject({ tie_word_embeddings: true });
    expect(await configOf(tinyMetadata(), [...tinyTensors(), head])).toMatchObject({
      tie_word_embeddings: false,
    });
  });

  it('states the sizes as Hugging Face does', async () => {
    expect(await configOf()).toEqual({
      architectures: ['LlamaForCausalLM'],
      model_type: 'llama',
      vocab_size: 12,
      hidden_size: 256,
      intermediate_size: 256,
      num_hidden_layers: 1,
      num_attention_heads: 4,
      num_key_value_heads: 2,
      hidden_act: 'silu',
      max_position_embeddings: 128,
      rms_norm_eps: 1e-5,
      rope_theta: 100_000,
      rope_scaling: null,
      tie_word_embeddings: true,
      attention_bias: false,
      mlp_bias: false,
      bos_token_id: 7,
      eos_token_id: [0, 11],
      pad_token_id: null,
      torch_dtype: 'float32',
    });
  });

  it('writes a merge of tokenizer.json in no lines of its own', async () => {
    const { texts } = await plan();
    expect(texts.get('tokenizer.json')?.trimEnd()).not.toContain('\n');
    expect(texts.get('config.json')).toContain('\n  "model_type"');
  });

  it('brings a tokenizer and a chat template', async () => {
    const { texts } = await plan();
    const file = (name: string) => JSON.parse(texts.get(name) ?? '');
    expect(file('tokenizer_config.json')).toMatchObject({
      bos_token: '<|user|>',
      eos_token: '<|end|>',
      chat_template: '{{ messages[0].content }}',
      model_input_names: ['input_ids', 'attention_mask'],
    });
    expect(file('generation_config.json')).toMatchObject({ eos_token_id: [0, 11] });
    const tokenizer = createTokenizer(file('tokenizer.json'), file('tokenizer_config.json'));
    const ids = tokenizer.encode('<|user|>ab a11<pad>', { addSpecialTokens: true });
    expect([...ids]).toEqual([7, 4, 5, 6, 6, 11]);
    expect(tokenizer.decode(ids, { skipSpecialTokens: true })).toBe('ab a11<pad>');
  });
});

describe('a qwen2 GGUF', () => {
  it('keeps the order of its rows, and its biases', async () => {
    const tensors = tinyTensors([T.F32], true);
    const { names, numbers } = await imported(tinyMetadata('qwen2'), tensors);
    const q = tensors.find(({ name }) => name === 'blk.0.attn_q.weight') as TestTensor;
    expect(await numbers('model.layers.0.self_attn.q_proj.weight')).toEqual([...numbersOf(q)]);
    expect(names.filter((name) => name.endsWith('bias'))).toHaveLength(3);
    expect(await configOf(tinyMetadata('qwen2'), tensors)).toMatchObject({
      architectures: ['Qwen2ForCausalLM'],
      model_type: 'qwen2',
      use_sliding_window: false,
    });
  });

  it('is refused without biases', async () => {
    await expect(plan(tinyMetadata('qwen2'))).rejects.toThrow(
      /missing model.layers.0.self_attn.q_proj.bias/,
    );
  });
});

describe('rope scaling', () => {
  const withRope = (fields: TestMetadata) => configOf({ ...tinyMetadata(), ...fields });
  const divisors = (numbers: Float32Array): TestTensor => ({
    name: 'rope_freqs.weight',
    shape: [numbers.length],
    type: T.F32,
    data: new Uint8Array(numbers.buffer),
  });

  it('is linear where the file says so', async () => {
    const fields = { 'llama.rope.scaling.type': 'linear', 'llama.rope.scaling.factor': 2.5 };
    expect(await withRope(fields)).toMatchObject({
      rope_scaling: { rope_type: 'linear', factor: 2.5 },
    });
  });

  it('is yarn with its original context', async () => {
    const fields = {
      'llama.rope.scaling.type': 'yarn',
      'llama.rope.scaling.factor': 4,
      'llama.rope.scaling.original_context_length': 32,
    };
    expect(await withRope(fields)).toMatchObject({
      rope_scaling: { rope_type: 'yarn', factor: 4, original_max_position_embeddings: 32 },
    });
  });

  it('is llama3 where the divisors are those of Llama 3.1', async () => {
    // Llama 3.1 with heads of 64 over base 100,000: 13 stay, 18 to 31 are divided by 8 (transformers' llama3 formula).
    const numbers = Float32Array.from({ length: 32 }, (_, i) => {
      const wavelength = 2 * Math.PI * 100_000 ** (i / 32);
      if (wavelength < 8192 / 4) return 1;
      if (wavelength > 8192) return 8;
      const smooth = (8192 / wavelength - 1) / 3;
      return 1 / ((1 - smooth) / 8 + smooth);
    });
    expect(await configOf(tinyMetadata(), [...tinyTensors(), divisors(numbers)])).toMatchObject({
      rope_scaling: {
        rope_type: 'llama3',
        factor: 8,
        low_freq_factor: 1,
        high_freq_factor: 4,
        original_max_position_embeddings: 8192,
      },
    });
  });

  it('is refused for divisors that are nobody’s', async () => {
    const numbers = Float32Array.from({ length: 32 }, (_, i) => 1 + i);
    const reading = plan(tinyMetadata(), [...tinyTensors(), divisors(numbers)]);
    await expect(reading).rejects.toThrow(/not Llama 3/);
  });

  it.each<[string, TestMetadata, RegExp]>([
    ['longrope', { 'llama.rope.scaling.type': 'longrope' }, /rope.scaling.type is "longrope"/],
    ['no factor', { 'llama.rope.scaling.type': 'linear' }, /scaling.factor is missing/],
    [
      'yarn without its context',
      { 'llama.rope.scaling.type': 'yarn', 'llama.rope.scaling.factor': 4 },
      /original_context_length is missing/,
    ],
  ])('is refused for %s', async (_, fields, message) => {
    await expect(withRope(fields)).rejects.toThrow(message);
  });
});

describe('a GGUF that is not imported', () => {
  const without = (name: string) => tinyTensors().filter((tensor) => tensor.name !== name);
  const wrongShape = [...without('output_norm.weight'), countedF32('output_norm.weight', [128])];

  it.each<[string, TestMetadata, readonly TestTensor[], RegExp]>([
    [
      'another architecture',
      { 'general.architecture': 'gemma2' },
      tinyTensors(),
      /"gemma2"; this version runs only "llama" or "qwen2"/,
    ],
    ['an adapter', { 'general.type': 'adapter' }, tinyTensors(), /general.type is "adapter"/],
    ['a part of a model', { 'split.count': 3 }, tinyTensors(), /one of 3 parts/],
    ['experts', { 'llama.expert_count': 8 }, tinyTensors(), /expert_count is 8/],
    [
      'a field that nobody knows',
      { 'llama.logit_scale': 0.5 },
      tinyTensors(),
      /llama.logit_scale is 0.5/,
    ],
    [
      'layers without end',
      { 'llama.block_count': 2 ** 31 },
      tinyTensors(),
      /block_count is 2147483648/,
    ],
    [
      'a layer too many',
      { 'llama.block_count': 1000 },
      tinyTensors(),
      /missing model.layers.1.*and 8979 more/,
    ],
    [
      'heads that do not divide',
      { 'llama.attention.head_count': 3 },
      tinyTensors(),
      /head_count is 3/,
    ],
    [
      'partly turned heads',
      { 'llama.rope.dimension_count': 32 },
      tinyTensors(),
      /dimension_count is 32/,
    ],
    ['another vocabulary', { 'llama.vocab_size': 13 }, tinyTensors(), /has 12 rows/],
    ['no table', {}, without('token_embd.weight'), /no token_embd.weight/],
    [
      'a missing tensor',
      {},
      without('blk.0.ffn_up.weight'),
      /missing model.layers.0.mlp.up_proj.weight/,
    ],
    ['a tensor of another shape', {}, wrongShape, /model.norm.weight \[128\] wants \[256\]/],
    [
      'a tensor of another model',
      {},
      [...tinyTensors(), countedF32('../../etc/x', [8])],
      /"..\/..\/etc\/x" is none of a llama/,
    ],
    ['an unknown cutter', { 'tokenizer.ggml.pre': 'tekken' }, tinyTensors(), /pre is "tekken"/],
    [
      'another tokenizer',
      { 'tokenizer.ggml.model': 'bert' },
      tinyTensors(),
      /ggml.model is "bert"/,
    ],
    [
      'a token twice',
      { 'tokenizer.ggml.tokens': ['a', 'a'], 'tokenizer.ggml.token_type': Int32Array.of(1, 1) },
      tinyTensors(),
      /"a" twice: ids 0 and 1/,
    ],
    [
      'types that are too few',
      { 'tokenizer.ggml.token_type': Int32Array.of(1) },
      tinyTensors(),
      /12 tokens but types of 1/,
    ],
    [
      'a type that nobody knows',
      { 'tokenizer.ggml.token_type': new Int32Array(12) },
      tinyTensors(),
      /unknown type 0/,
    ],
    ['an id outside', { 'tokenizer.ggml.eos_token_id': 12 }, tinyTensors(), /eos_token_id is 12/],
    ['a merge of strangers', { 'tokenizer.ggml.merges': ['a c'] }, tinyTensors(), /merge "a c"/],
    [
      'more tokens than rows',
      {
        'tokenizer.ggml.tokens': Array.from({ length: 13 }, (_, i) => `t${i}`),
        'tokenizer.ggml.token_type': new Int32Array(13).fill(1),
      },
      tinyTensors(),
      /13 tokens but token_embd.weight only 12/,
    ],
  ])('for %s', async (_, fields, tensors, message) => {
    const reading = plan({ ...tinyMetadata(), ...fields }, tensors);
    await expect(reading).rejects.toThrow(message);
    await expect(reading).rejects.toBeInstanceOf(MsdError);
  });
});

describe('numbers that do not go', () => {
  const withNorm = (value: number) => {
    const numbers = new Float32Array(TINY.hidden).fill(value);
    const norm = {
      ...countedF32('output_norm.weight', [TINY.hidden]),
      data: new Uint8Array(numbers.buffer),
    };
    return tinyTensors().map((tensor) => (tensor.name === norm.name ? norm : tensor));
  };
  const written = async (value: number, dtype?: 'F16' | 'BF16') =>
    writeModelFolder(join(tempFolder(), 'out'), await plan(tinyMetadata(), withNorm(value), dtype));

  it('are refused: NaN, and what a half can not hold', async () => {
    await expect(written(Number.NaN)).rejects.toThrow(/model.norm.weight holds NaN/);
    await expect(written(70_000, 'F16')).rejects.toThrow(
      /model.norm.weight holds numbers too large/,
    );
    await expect(written(70_000, 'BF16')).resolves.toBeGreaterThan(0);
  });
});

describe('a GGUF with bytes changed at random', () => {
  const whole = tinyGguf(tinyMetadata(), tinyTensors([T.Q4_0]));
  const header = 3000;
  const change = fc.oneof(
    fc.record({ at: fc.nat(header), to: fc.nat(255) }),
    fc.record({ at: fc.nat(header), word: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) }),
    fc.record({ cut: fc.nat(whole.length) }),
  );

  it('is planned and written whole, or refused by name', async () => {
    const path = stored(whole);
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        let bytes = Uint8Array.from(whole);
        for (const one of changes) {
          if ('cut' in one) bytes = bytes.slice(0, one.cut);
          else if ('to' in one) bytes[one.at] = one.to;
          else if (one.at + 8 <= bytes.length) {
            new DataView(bytes.buffer).setBigUint64(one.at, one.word, true);
          }
        }
        writeFileSync(path, bytes);
        try {
          const { tensors } = await planImport(path, 'F32');
          for (const tensor of tensors) for await (const _ of tensor.pieces());
        } catch (error) {
          expect(MsdError.is(error), String(error)).toBe(true);
        }
      }),
      { numRuns: RUNS },
    );
  });
});
