import { GGMLQuantizationType as T } from '@huggingface/gguf';
import { STORED_TYPES } from '../../formats/forms/stored/stored-types.ts';
import { blockType } from '../block-types.ts';
import { encodeGguf, type TestMetadata, type TestTensor } from './write-gguf.ts';

/** One layer; rows of 256, so that every type can hold every matrix. */
export const TINY = { hidden: 256, heads: 4, kvHeads: 2, headDim: 64, vocab: 12 };

const BYTE_TOKENS = [
  '<|end|>',
  'a',
  'b',
  'Ġ',
  'ab',
  'Ġa',
  '1',
  '<|user|>',
  '!',
  'é',
  '\ufeff',
  '<pad>',
];

/** A byte-level tokenizer of twelve tokens. */
const TINY_TOKENIZER: TestMetadata = {
  'tokenizer.ggml.model': 'gpt2',
  'tokenizer.ggml.pre': 'smollm',
  'tokenizer.ggml.tokens': BYTE_TOKENS,
  'tokenizer.ggml.token_type': Int32Array.of(3, 1, 1, 1, 1, 1, 1, 3, 1, 1, 1, 4),
  'tokenizer.ggml.merges': ['a b', 'Ġ a'],
  'tokenizer.ggml.bos_token_id': 7,
  'tokenizer.ggml.eos_token_id': 0,
  'tokenizer.ggml.eot_token_id': 11,
  'tokenizer.chat_template': '{{ messages[0].content }}',
};

export function tinyMetadata(architecture = 'llama'): TestMetadata {
  return {
    'general.architecture': architecture,
    'general.name': 'tiny',
    [`${architecture}.block_count`]: 1,
    [`${architecture}.context_length`]: 128,
    [`${architecture}.embedding_length`]: TINY.hidden,
    [`${architecture}.feed_forward_length`]: TINY.hidden,
    [`${architecture}.attention.head_count`]: TINY.heads,
    [`${architecture}.attention.head_count_kv`]: TINY.kvHeads,
    [`${architecture}.attention.layer_norm_rms_epsilon`]: 1e-5,
    [`${architecture}.rope.freq_base`]: 100_000,
    ...TINY_TOKENIZER,
  };
}

/** Numbers that differ from each other, all exact in a half. */
export function countedF32(name: string, shape: readonly number[]): TestTensor {
  const values = shape.reduce((product, n) => product * n, 1);
  const data = Float32Array.from({ length: values }, (_, i) => (i % 2048) / 64 + (i >> 11));
  return { name, shape, type: T.F32, data: new Uint8Array(data.buffer) };
}

/** Blocks of any type with harmless scales; the same for the same seed. */
function randomTensor(name: string, shape: readonly number[], type: T, seed: number): TestTensor {
  const dtype = blockType(type);
  if (dtype === undefined) throw new Error(`type ${type} is not read`);
  const block = STORED_TYPES[dtype];
  const blocks = shape.reduce((product, n) => product * n, 1) / block.values;
  const data = new Uint8Array(blocks * block.bytes);
  let state = seed;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    data[i] = state >>> 24;
  }
  for (let at = 0; at < data.length; at += block.bytes) calm(data, at, dtype);
  return { name, shape, type, data };
}

/** Takes the top bit off the exponents of the block's floats: finite, and below 2. */
function calm(data: Uint8Array, at: number, name: string): void {
  const tops: Record<string, number[]> = {
    F32: [3],
    F16: [1],
    BF16: [1],
    Q4_0: [1],
    Q8_0: [1],
    Q6_K: [209],
  };
  for (const top of tops[name] ?? [1, 3]) data[at + top] = (data[at + top] ?? 0) & 0xbf;
}

/** The tensors of a tiny decoder; `types` in turn for its matrices. */
export function tinyTensors(types: readonly T[] = [T.F32], bias = false): TestTensor[] {
  const { hidden, vocab } = TINY;
  const kv = TINY.kvHeads * TINY.headDim;
  let count = 0;
  const matrix = (name: string, rows: number) =>
    randomTensor(name, [rows, hidden], types[count++ % types.length] ?? T.F32, count);
  const linear = (name: string, rows: number) => [
    matrix(`blk.0.${name}.weight`, rows),
    ...(bias && /attn_[qkv]/.test(name) ? [countedF32(`blk.0.${name}.bias`, [rows])] : []),
  ];
  return [
    matrix('token_embd.weight', vocab),
    countedF32('output_norm.weight', [hidden]),
    countedF32('blk.0.attn_norm.weight', [hidden]),
    countedF32('blk.0.ffn_norm.weight', [hidden]),
    ...linear('attn_q', hidden),
    ...linear('attn_k', kv),
    ...linear('attn_v', kv),
    ...linear('attn_output', hidden),
    ...linear('ffn_gate', hidden),
    ...linear('ffn_up', hidden),
    ...linear('ffn_down', hidden),
  ];
}

export function tinyGguf(
  metadata: TestMetadata = tinyMetadata(),
  tensors: readonly TestTensor[] = tinyTensors(),
): Uint8Array {
  return encodeGguf(metadata, tensors);
}
