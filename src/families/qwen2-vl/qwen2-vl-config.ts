import * as z from 'zod';
import { count, parseFields } from '../../contracts/config-fields.ts';
import type { ConfigFiles } from '../config-files.ts';
import {
  type QwenVision,
  type QwenVlConfig,
  rootSchema,
  targetOf,
  towerOf,
  towerSchema,
} from '../qwen-vl/qwen-vl-config.ts';

export interface Qwen2VlConfig extends QwenVlConfig {
  readonly family: 'qwen2_vl';
  readonly vision: QwenVision & { readonly activation: 'quick_gelu' | 'gelu' };
}

/** Hugging Face's Qwen2VLVisionConfig (transformers 4.57) with its defaults. */
const visionSchema = towerSchema.extend({
  embed_dim: count.default(1280),
  /** Of the embeddings. */
  hidden_size: count.default(3584),
  hidden_act: z.enum(['quick_gelu', 'gelu']).default('quick_gelu'),
  mlp_ratio: z.number().positive().default(4),
});

const schema = rootSchema(visionSchema);

/** @throws CheckpointError that names the field */
export function qwen2VlConfig(files: ConfigFiles): Qwen2VlConfig {
  const { path, value } = files.config;
  const root = parseFields(path, schema, value);
  const fields = root.vision_config ?? visionSchema.parse({});
  const base = targetOf(files, root, ['hidden_size', fields.hidden_size]);
  const vision = towerOf(path, ['embed_dim', fields.embed_dim], fields);
  const intermediateSize = Math.trunc(fields.embed_dim * fields.mlp_ratio);
  return {
    family: 'qwen2_vl',
    ...base,
    vision: { ...vision, intermediateSize, activation: fields.hidden_act },
  };
}
