import * as z from 'zod';
import {
  count,
  fieldError,
  layerCount,
  only,
  parseFields,
  positive,
} from '../contracts/config-fields.ts';
import { CheckpointError } from '../contracts/errors.ts';
import type { GgufValue } from './header.ts';

type Metadata = ReadonlyMap<string, GgufValue>;

const ARCHITECTURES = ['llama', 'qwen2'] as const;
export type Architecture = (typeof ARCHITECTURES)[number];

const generalSchema = z.object({
  'general.architecture': z.enum(ARCHITECTURES),
  'general.type': only('model'),
  'split.count': z.int().optional(),
  'adapter.type': only(null),
});

/** A number that may be given layer by layer, if it is the same in all. */
const alike = z.preprocess(sameInAll, count);

function sameInAll(value: unknown): unknown {
  if (!ArrayBuffer.isView(value) || value instanceof DataView) return value;
  const numbers = [...Object(value)];
  return numbers.length > 0 && numbers.every((n) => n === numbers[0]) ? numbers[0] : numbers;
}

/** llama.cpp's keys of a decoder, without the architecture in front. Others would change the network unseen. */
const decoderShape = {
  block_count: layerCount,
  context_length: count,
  embedding_length: count,
  feed_forward_length: alike,
  vocab_size: count.optional(),
  'attention.head_count': alike,
  'attention.head_count_kv': alike.optional(),
  'attention.layer_norm_rms_epsilon': positive,
  'attention.key_length': count.optional(),
  'attention.value_length': count.optional(),
  'attention.causal': only(true),
  'rope.dimension_count': count.optional(),
  'rope.freq_base': positive.default(10_000),
  'rope.scaling.type': z.enum(['none', 'linear', 'yarn']).optional(),
  'rope.scaling.factor': positive.optional(),
  'rope.scaling.original_context_length': count.optional(),
  'rope.scaling.finetuned': z.boolean().optional(),
  'rope.scaling.attn_factor': only(1),
  'rope.scaling.yarn_attn_factor': only(1),
  'rope.scaling.yarn_ext_factor': only(1),
  'rope.scaling.yarn_beta_fast': positive.optional(),
  'rope.scaling.yarn_beta_slow': positive.optional(),
  'rope.scale_linear': positive.optional(),
  expert_count: only(0),
  expert_used_count: only(0),
  /** How Meta's own files were laid out before they were converted. */
  tensor_data_layout: z.string().optional(),
};
const decoderSchema = z.object(decoderShape);

export interface ModelMetadata {
  readonly architecture: Architecture;
  readonly fields: z.output<typeof decoderSchema>;
}

/**
 * What the metadata says of the network.
 * @throws CheckpointError for another architecture, a part of a model, a field that is missing, wrong or unknown.
 */
export function readModelMetadata(path: string, metadata: Metadata): ModelMetadata {
  const general = parseFields(path, generalSchema, Object.fromEntries(metadata));
  const parts = general['split.count'] ?? 1;
  if (parts > 1) {
    const problem = `this is one of ${parts} parts of a model; join them first: llama-gguf-split --merge.`;
    throw new CheckpointError(path, problem);
  }
  const architecture = general['general.architecture'];
  const prefix = `${architecture}.`;
  const own = [...metadata].filter(([key]) => key.startsWith(prefix));
  for (const [key, value] of own) {
    if (Object.hasOwn(decoderShape, key.slice(prefix.length))) continue;
    throw fieldError(path, key, shown(value), 'this version does not know what it changes');
  }
  const values = Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value]));
  try {
    return { architecture, fields: parseFields(path, decoderSchema, values) };
  } catch (error) {
    if (!(error instanceof CheckpointError)) throw error;
    throw new CheckpointError(path, `${prefix}${error.message.slice(path.length + 2)}`);
  }
}

/** A value that a message can show: not a bigint, no long list. */
function shown(value: GgufValue): unknown {
  if (typeof value === 'bigint') return String(value);
  return typeof value === 'object' ? `a list of ${value.length}` : value;
}
