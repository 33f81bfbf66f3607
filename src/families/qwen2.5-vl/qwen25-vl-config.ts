import * as z from 'zod';
import { count, fieldError, only, parseFields } from '../../contracts/config-fields.ts';
import type { ConfigFiles } from '../config-files.ts';
import {
  type QwenVision,
  type QwenVlConfig,
  rootSchema,
  targetOf,
  towerOf,
  towerSchema,
} from '../qwen-vl/qwen-vl-config.ts';

/** Most layers of the tower look within windows only. */
export interface Qwen25VlConfig extends QwenVlConfig {
  readonly family: 'qwen2_5_vl';
  readonly vision: QwenVision & {
    /** Side of a window, in embeddings. */
    readonly windowSize: number;
    /** Layers that look at the whole picture, from 0. */
    readonly fullLayers: readonly number[];
  };
}

/** Hugging Face's Qwen2_5_VLVisionConfig (transformers 4.57) with its defaults. */
const visionSchema = towerSchema.extend({
  hidden_size: count.default(3584),
  intermediate_size: count.default(3420),
  hidden_act: only('silu'),
  window_size: count.default(112),
  out_hidden_size: count.default(3584),
  fullatt_block_indexes: z.array(z.int().min(0)).default([7, 15, 23, 31]),
});

const schema = rootSchema(visionSchema);

/** @throws CheckpointError that names the field */
export function qwen25VlConfig(files: ConfigFiles): Qwen25VlConfig {
  const { path, value } = files.config;
  const root = parseFields(path, schema, value);
  const fields = root.vision_config ?? visionSchema.parse({});
  const base = targetOf(files, root, ['out_hidden_size', fields.out_hidden_size]);
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
