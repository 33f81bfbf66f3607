import { fieldError } from '../contracts/config-fields.ts';
import { CheckpointError, TensorsError } from '../contracts/errors.ts';
import { printable } from '../contracts/printable.ts';
import type { ModelMetadata } from './model-metadata.ts';
import type { GgufTensor } from './place-tensors.ts';
import type { RopeScaling } from './rope-scaling.ts';
import { shortestFloat } from './shortest-float.ts';

/** The sizes of a decoder, and what its tensors tell of it. */
export interface DecoderSizes {
  readonly hidden: number;
  readonly intermediate: number;
  readonly layers: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly vocab: number;
  readonly tied: boolean;
  readonly attentionBias: boolean;
  readonly mlpBias: boolean;
}

type Tensors = ReadonlyMap<string, GgufTensor>;

/** @param tensors by Hugging Face's names */
export function decoderSizes(
  path: string,
  { architecture, fields }: ModelMetadata,
  tensors: Tensors,
): DecoderSizes {
  const refuse = (field: string, value: unknown, expectation: string) =>
    fieldError(path, `${architecture}.${field}`, value, expectation);
  const hidden = fields.embedding_length;
  const heads = fields['attention.head_count'];
  const kvHeads = fields['attention.head_count_kv'] ?? heads;
  const headDim = fields['attention.key_length'] ?? hidden / heads;
  if (!Number.isInteger(headDim) || headDim % 2 !== 0) {
    const expectation = `embedding_length ${hidden} leaves no even number of values a head`;
    throw refuse('attention.head_count', heads, expectation);
  }
  if (heads % kvHeads !== 0) {
    throw refuse('attention.head_count_kv', kvHeads, `it must divide head_count ${heads}`);
  }
  for (const field of ['attention.value_length', 'rope.dimension_count'] as const) {
    const value = fields[field] ?? headDim;
    if (value !== headDim) throw refuse(field, value, `this version runs only ${headDim} here`);
  }
  const table = tensors.get('model.embed_tokens.weight');
  if (table === undefined) {
    throw new CheckpointError(path, 'there is no token_embd.weight; fetch the whole model.');
  }
  const vocab = table.shape[0] as number;
  if (fields.vocab_size !== undefined && fields.vocab_size !== vocab) {
    throw refuse('vocab_size', fields.vocab_size, `token_embd.weight has ${vocab} rows`);
  }
  const llama = architecture === 'llama';
  return {
    hidden,
    intermediate: fields.feed_forward_length,
    layers: fields.block_count,
    heads,
    kvHeads,
    headDim,
    vocab,
    tied: !tensors.has('lm_head.weight'),
    attentionBias: llama && tensors.has('model.layers.0.self_attn.q_proj.bias'),
    mlpBias: llama && tensors.has('model.layers.0.mlp.down_proj.bias'),
  };
}

/** The tensors of a decoder by Hugging Face's names, and their shapes. */
function decoderShapes(
  { architecture }: ModelMetadata,
  sizes: DecoderSizes,
): Map<string, readonly number[]> {
  const { hidden, intermediate, vocab, attentionBias, mlpBias } = sizes;
  const q = sizes.heads * sizes.headDim;
  const kv = sizes.kvHeads * sizes.headDim;
  const shapes = new Map<string, readonly number[]>([
    ['model.embed_tokens.weight', [vocab, hidden]],
    ['model.norm.weight', [hidden]],
  ]);
  if (!sizes.tied) shapes.set('lm_head.weight', [vocab, hidden]);
  for (let layer = 0; layer < sizes.layers; layer++) {
    const at = `model.layers.${layer}`;
    const linear = (name: string, rows: number, columns: number, bias: boolean) => {
      shapes.set(`${at}.${name}.weight`, [rows, columns]);
      if (bias) shapes.set(`${at}.${name}.bias`, [rows]);
    };
    shapes.set(`${at}.input_layernorm.weight`, [hidden]);
    linear('self_attn.q_proj', q, hidden, architecture === 'qwen2' || attentionBias);
    linear('self_attn.k_proj', kv, hidden, architecture === 'qwen2' || attentionBias);
    linear('self_attn.v_proj', kv, hidden, architecture === 'qwen2' || attentionBias);
    linear('self_attn.o_proj', hidden, q, attentionBias);
    shapes.set(`${at}.post_attention_layernorm.weight`, [hidden]);
    linear('mlp.gate_proj', intermediate, hidden, mlpBias);
    linear('mlp.up_proj', intermediate, hidden, mlpBias);
    linear('mlp.down_proj', hidden, intermediate, mlpBias);
  }
  return shapes;
}

/** @throws TensorsError with all that is missing, left over, or of another shape than the sizes promise. */
export function matchDecoder(
  path: string,
  metadata: ModelMetadata,
  sizes: DecoderSizes,
  tensors: Tensors,
): void {
  const wanted = decoderShapes(metadata, sizes);
  const missing = [...wanted.keys()].filter((name) => !tensors.has(name));
  const unexpected = [...tensors.keys()].filter((name) => !wanted.has(name));
  const misshapen = [...tensors].flatMap(([name, { shape }]) => {
    const right = wanted.get(name) ?? shape;
    const same = right.length === shape.length && right.every((n, i) => n === shape[i]);
    return same ? [] : [`${name} [${shape.join(', ')}] wants [${right.join(', ')}]`];
  });
  if (missing.length + unexpected.length + misshapen.length === 0) return;
  throw new TensorsError(path, {
    missing: first(missing),
    unexpected: first(unexpected.map((name) => printable(name))),
    misshapen: first(misshapen),
  });
}

const SHOWN = 12;

/** A lying count of layers would fill pages. */
function first(names: readonly string[]): string[] {
  const more = names.length - SHOWN;
  return more > 0 ? [...names.slice(0, SHOWN), `and ${more} more`] : [...names];
}

const CLASSES = { llama: 'LlamaForCausalLM', qwen2: 'Qwen2ForCausalLM' } as const;

/** The fields of config.json, but for tokens and number format. */
export function modelConfig(
  { architecture, fields }: ModelMetadata,
  sizes: DecoderSizes,
  ropeScaling: RopeScaling,
): Record<string, unknown> {
  return {
    architectures: [CLASSES[architecture]],
    model_type: architecture,
    vocab_size: sizes.vocab,
    hidden_size: sizes.hidden,
    intermediate_size: sizes.intermediate,
    num_hidden_layers: sizes.layers,
    num_attention_heads: sizes.heads,
    num_key_value_heads: sizes.kvHeads,
    ...(sizes.headDim * sizes.heads !== sizes.hidden && { head_dim: sizes.headDim }),
    hidden_act: 'silu',
    max_position_embeddings: fields.context_length,
    rms_norm_eps: shortestFloat(fields['attention.layer_norm_rms_epsilon']),
    rope_theta: shortestFloat(fields['rope.freq_base']),
    rope_scaling: ropeScaling,
    tie_word_embeddings: sizes.tied,
    ...(architecture === 'llama'
      ? { attention_bias: sizes.attentionBias, mlp_bias: sizes.mlpBias }
      : { use_sliding_window: false }),
  };
}
