import * as z from 'zod';
import type { VisionConfig } from '../../contracts/checkpoint.ts';
import { count, fieldError, layerCount, only, positive } from '../../contracts/config-fields.ts';

/** Hugging Face's CLIPVisionConfig (transformers 4.57) with its defaults. */
export const clipSchema = z.object({
  model_type: only('clip_vision_model'),
  hidden_size: count.default(768),
  intermediate_size: count.default(3072),
  num_hidden_layers: layerCount.default(12),
  num_attention_heads: count.default(12),
  num_channels: only(3),
  image_size: count.default(224),
  patch_size: count.default(32),
  hidden_act: z.enum(['quick_gelu', 'gelu']).default('quick_gelu'),
  layer_norm_eps: positive.default(1e-5),
});

/** What LlavaConfig takes where a config has no vision_config at all: CLIP ViT-L/14 at 336 pixels. */
export const LLAVA_VISION = {
  hidden_size: 1024,
  intermediate_size: 4096,
  num_hidden_layers: 24,
  num_attention_heads: 16,
  image_size: 336,
  patch_size: 14,
};

/** The tower of a `vision_config`, its sizes checked against each other. */
export function clipConfig(path: string, fields: z.output<typeof clipSchema>): VisionConfig {
  const refuse = (field: string, value: unknown, expectation: string) =>
    fieldError(path, `vision_config.${field}`, value, expectation);
  if (fields.hidden_size % fields.num_attention_heads !== 0) {
    const expectation = `it must divide hidden_size ${fields.hidden_size}`;
    throw refuse('num_attention_heads', fields.num_attention_heads, expectation);
  }
  if (fields.image_size % fields.patch_size !== 0) {
    const expectation = `it must divide image_size ${fields.image_size}`;
    throw refuse('patch_size', fields.patch_size, expectation);
  }
  return {
    hiddenSize: fields.hidden_size,
    intermediateSize: fields.intermediate_size,
    layers: fields.num_hidden_layers,
    heads: fields.num_attention_heads,
    imageSize: fields.image_size,
    patchSize: fields.patch_size,
    layerNormEps: fields.layer_norm_eps,
    activation: fields.hidden_act,
  };
}
