import { z } from 'zod';
import type { ConfigFolder } from '../../checkpoint/config-file.ts';
import type { LlavaNextConfig } from '../../contracts/checkpoint.ts';
import { count, fieldError, only, parseFields } from '../../contracts/config-fields.ts';
import { llavaParts, llavaSchema } from '../llava-parts/llava-parts.ts';

/** Hugging Face's LlavaNextConfig (transformers 4.57) with its defaults; sizes are [height, width]. */
const schema = llavaSchema.extend({
  image_grid_pinpoints: z
    .array(z.tuple([count, count]))
    .min(1)
    .nullish(),
  vision_feature_select_strategy: z.literal('default').default('default'),
  use_image_newline_parameter: only(true),
});

const PINPOINTS: readonly (readonly [number, number])[] = [
  [336, 672],
  [672, 336],
  [672, 672],
  [1008, 336],
  [336, 1008],
];

/**
 * The LLaVA 1.6 target that a folder describes. What a file leaves out is what transformers 4.57 takes for it.
 * @throws CheckpointError that names the field
 */
export function llavaNextConfig(folder: ConfigFolder): LlavaNextConfig {
  const fields = parseFields(folder.path, schema, folder.config);
  const parts = llavaParts(folder, fields);
  const side = parts.vision.imageSize;
  const pinpoints = (fields.image_grid_pinpoints ?? PINPOINTS).map(([height, width]) => {
    if (height % side === 0 && width % side === 0) return { height, width };
    const expectation = `both sides must be multiples of the tower's ${side} pixels`;
    throw fieldError(folder.path, 'image_grid_pinpoints', [height, width], expectation);
  });
  return { family: 'llava_next', ...parts, pinpoints };
}
