import { z } from 'zod';
import type { ConfigFolder } from '../../checkpoint/config-file.ts';
import type {
  DecoderConfig,
  Qwen2VlConfig,
  Qwen25VlConfig,
  QwenVisionConfig,
} from '../../contracts/checkpoint.ts';
import {
  count,
  fieldError,
  layerCount,
  only,
  parseFields,
  tokenId,
} from '../../contracts/config-fields.ts';
import { edgeTokens } from '../decoder/edge-tokens.ts';
import { endTokens, llamaSchema, llamaSizes } from '../decoder/llama-config.ts';
import { mropeSection, withoutMrope } from '../decoder/mrope-config.ts';

const { shape } = llamaSchema;

/**
 * Hugging Face's Qwen2VLTextConfig and Qwen2_5_VLTextConfig (transformers 4.57) with their defaults: query, key and
 * value always have biases.
 */
const textSchema = llamaSchema.extend({
  hidden_size: count.default(8192),
  intermediate_size: count.default(29_568),
  num_hidden_layers: layerCount.default(80),
  num_attention_heads: count.default(64),
  num_key_value_heads: count.nullable().default(8),
  vocab_size: count.default(152_064),
  rms_norm_eps: shape.rms_norm_eps.unwrap().default(1e-5),
  max_position_embeddings: count.default(32_768),
  eos_token_id: endTokens.nullish(),
  bos_token_id: tokenId.nullish(),
  rope_scaling: z.preprocess(withoutMrope, shape.rope_scaling),
  rope_parameters: z.preprocess(withoutMrope, shape.rope_parameters),
  use_sliding_window: only(false),
  layer_types: z.array(z.literal('full_attention')).nullish(),
});

const towerSchema = z.object({
  depth: layerCount.default(32),
  num_heads: count.default(16),
  in_channels: only(3),
  /** As published; Hugging Face does not read it. */
  in_chans: only(3),
  patch_size: count.default(14),
  spatial_merge_size: count.default(2),
  temporal_patch_size: count.default(2),
});

const vision2Schema = towerSchema.extend({
  embed_dim: count.default(1280),
  /** Of the embeddings. */
  hidden_size: count.default(3584),
  hidden_act: z.enum(['quick_gelu', 'gelu']).default('quick_gelu'),
  mlp_ratio: z.number().positive().default(4),
});

const vision25Schema = towerSchema.extend({
  hidden_size: count.default(3584),
  intermediate_size: count.default(3420),
  hidden_act: only('silu'),
  window_size: count.default(112),
  out_hidden_size: count.default(3584),
  fullatt_block_indexes: z.array(z.int().min(0)).default([7, 15, 23, 31]),
});

function rootSchema<V extends z.ZodType>(vision: V) {
  return z.object({
    text_config: textSchema.nullish(),
    vision_config: vision.nullish(),
    image_token_id: tokenId.default(151_655),
    eos_token_id: endTokens.nullish(),
    bos_token_id: tokenId.nullish(),
    quantization_config: only(null),
  });
}

const root2 = rootSchema(vision2Schema);
const root25 = rootSchema(vision25Schema);

/** A Qwen2-VL target. Published files have the decoder's fields at the top, newer ones in `text_config`. */
export function qwen2VlConfig(folder: ConfigFolder): Qwen2VlConfig {
  const root = parseFields(folder.path, root2, folder.config);
  const fields = root.vision_config ?? vision2Schema.parse({});
  const base = targetOf(folder, root, ['hidden_size', fields.hidden_size]);
  const vision = towerOf(folder.path, ['embed_dim', fields.embed_dim], fields);
  const intermediateSize = Math.trunc(fields.embed_dim * fields.mlp_ratio);
  return {
    family: 'qwen2_vl',
    ...base,
    vision: { ...vision, intermediateSize, activation: fields.hidden_act },
  };
}

/** A Qwen2.5-VL target, from both forms of config as Qwen2-VL. */
export function qwen25VlConfig(folder: ConfigFolder): Qwen25VlConfig {
  const { path } = folder;
  const root = parseFields(path, root25, folder.config);
  const fields = root.vision_config ?? vision25Schema.parse({});
  const base = targetOf(folder, root, ['out_hidden_size', fields.out_hidden_size]);
  const vision = towerOf(path, ['hidden_size', fields.hidden_size], fields);
  const square = fields.spatial_merge_size * fields.patch_size;
  const windowSize = Math.floor(fields.window_size / square);
  if (windowSize < 1) {
    const expectation = `a window must hold one embedding, which is ${square} pixels wide`;
    throw fieldError(path, 'vision_config.window_size', fields.window_size, expectation);
  }
  return {
    family: 'qwen2_5_vl',
    ...base,
    vision: {
      ...vision,
      intermediateSize: fields.intermediate_size,
      windowSize,
      fullLayers: fields.fullatt_block_indexes,
    },
  };
}

/** All but the tower, whose embeddings are as wide as `embeddings` says. */
function targetOf(
  folder: ConfigFolder,
  root: z.output<typeof root2> | z.output<typeof root25>,
  [name, width]: readonly [string, number],
): Omit<Qwen2VlConfig, 'family' | 'vision'> {
  const { path } = folder;
  const nested = root.text_config;
  const text = nested ?? parseFields(path, textSchema, folder.config);
  const decoder = decoderOf(path, nested ? 'text_config.' : '', text);
  if (width !== decoder.hiddenSize) {
    const expectation = `the decoder reads embeddings of ${decoder.hiddenSize}`;
    throw fieldError(path, `vision_config.${name}`, width, expectation);
  }
  if (root.image_token_id >= decoder.vocabSize) {
    const expectation = `the vocabulary ends at ${decoder.vocabSize}`;
    throw fieldError(path, 'image_token_id', root.image_token_id, expectation);
  }
  return { decoder, imageTokenId: root.image_token_id, ...edgeTokens(folder, root, text) };
}

function decoderOf(path: string, at: string, text: z.output<typeof textSchema>): DecoderConfig {
  const rope = text.rope_scaling ?? text.rope_parameters;
  const sizes = llamaSizes(path, at, {
    ...text,
    attention_bias: false,
    mlp_bias: false,
    eos_token_id: null,
    bos_token_id: null,
    rope_theta: text.rope_theta ?? text.rope_parameters?.rope_theta ?? 1_000_000,
  });
  if (sizes.headDim * sizes.heads !== sizes.hiddenSize) {
    const expectation = `this family has heads of ${sizes.hiddenSize / sizes.heads}`;
    throw fieldError(path, `${at}head_dim`, text.head_dim, expectation);
  }
  return {
    ...sizes,
    mropeSection: mropeSection(path, at, rope, sizes.headDim / 2),
    layers: text.num_hidden_layers,
    tiedEmbeddings: text.tie_word_embeddings,
    qkvBias: true,
  };
}

/** The tower's common part, its width checked: heads are turned by rows and by columns, each by halves. */
function towerOf(
  path: string,
  [name, width]: readonly [string, number],
  fields: z.output<typeof towerSchema>,
): Omit<QwenVisionConfig, 'intermediateSize'> {
  if (width % (4 * fields.num_heads) !== 0) {
    const expectation = `it must divide ${name} ${width} into heads of a multiple of 4`;
    throw fieldError(path, 'vision_config.num_heads', fields.num_heads, expectation);
  }
  return {
    hiddenSize: width,
    layers: fields.depth,
    heads: fields.num_heads,
    patchSize: fields.patch_size,
    temporalPatchSize: fields.temporal_patch_size,
    mergeSize: fields.spatial_merge_size,
  };
}
