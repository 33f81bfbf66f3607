/** What Qwen2-VL and Qwen2.5-VL have in common: a tower that reads any number of patches, and a Qwen2 with M-RoPE. */
import * as z from 'zod';
import type { DecoderConfig, TargetConfig } from '../../contracts/checkpoint.ts';
import {
  count,
  fieldError,
  layerCount,
  only,
  parseFields,
  tokenId,
} from '../../contracts/config-fields.ts';
import type { ConfigFiles } from '../config-files.ts';
import { edgeTokens } from '../decoder/edge-tokens.ts';
import { endTokens, llamaSchema, llamaSizes } from '../decoder/llama-config.ts';
import { mropeSection, withoutMrope } from '../decoder/mrope-config.ts';
import { tiedFields, tiedHead } from '../decoder/tied-head.ts';

export interface QwenVlConfig extends TargetConfig {
  readonly imageTokenId: number;
  readonly vision: QwenVision;
}

export interface QwenVision {
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly patchSize: number;
  /** Frames of a patch; a picture is repeated. */
  readonly temporalPatchSize: number;
  /** Side of the square of patches that becomes one embedding. */
  readonly mergeSize: number;
}

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

/** What every `vision_config` may say. */
export const towerSchema = z.object({
  depth: layerCount.default(32),
  num_heads: count.default(16),
  in_channels: only(3),
  /** As published; Hugging Face does not read it. */
  in_chans: only(3),
  patch_size: count.default(14),
  spatial_merge_size: count.default(2),
  temporal_patch_size: count.default(2),
});

/** A config around a `vision_config`. */
export function rootSchema<V extends z.ZodType>(vision: V) {
  return z.object({
    text_config: textSchema.nullish(),
    vision_config: vision.nullish(),
    image_token_id: tokenId.default(151_655),
    eos_token_id: endTokens.nullish(),
    bos_token_id: tokenId.nullish(),
    quantization_config: only(null),
    ...tiedFields,
  });
}

/**
 * All but the tower. Published files have the decoder's fields at the top, newer ones in `text_config`.
 * @param embeddings the field of the tower that says how wide its embeddings are, and what it says
 * @throws CheckpointError that names the field
 */
export function targetOf(
  files: ConfigFiles,
  root: Omit<z.output<ReturnType<typeof rootSchema>>, 'vision_config'>,
  embeddings: readonly [field: string, width: number],
): Omit<QwenVlConfig, 'family' | 'vision'> {
  const [field, width] = embeddings;
  const { path, value } = files.config;
  const nested = root.text_config;
  const text = nested ?? parseFields(path, textSchema, value);
  const section = decoderOf(path, nested ? 'text_config.' : '', text);
  const decoder = { ...section, tiedEmbeddings: tiedHead(root, section.tiedEmbeddings) };
  if (width !== decoder.hiddenSize) {
    const expectation = `the decoder reads embeddings of ${decoder.hiddenSize}`;
    throw fieldError(path, `vision_config.${field}`, width, expectation);
  }
  if (root.image_token_id >= decoder.vocabSize) {
    const expectation = `the vocabulary ends at ${decoder.vocabSize}`;
    throw fieldError(path, 'image_token_id', root.image_token_id, expectation);
  }
  return { decoder, imageTokenId: root.image_token_id, ...edgeTokens(files, root, text) };
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

/**
 * The tower's common part, its width checked: heads are turned by rows and by columns, each by halves.
 * @throws CheckpointError that names the field
 */
export function towerOf(
  path: string,
  [name, width]: readonly [string, number],
  fields: z.output<typeof towerSchema>,
): Omit<QwenVision, 'intermediateSize'> {
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
