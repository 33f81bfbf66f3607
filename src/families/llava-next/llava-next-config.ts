import * as z from 'zod';
import { count, fieldError, only, parseFields } from '../../contracts/config-fields.ts';
import type { ConfigFiles } from '../config-files.ts';
import { type LlavaParts, llavaParts, llavaSchema } from '../llava-parts/llava-parts.ts';

/** A picture is seen whole and in tiles, whose patches are ended row by row by an embedding of its own. */
export interface LlavaNextConfig extends LlavaParts {
  readonly family: 'llava_next';
  /** Sizes that tiles may add up to, multiples of the tower's. */
  readonly pinpoints: readonly { readonly height: number; readonly width: number }[];
}

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
 * The LLaVA 1.6 target that the files describe. What a file leaves out is what transformers 4.57 takes for it.
 * @throws CheckpointError that names the field
 */
export function llavaNextConfig(files: ConfigFiles): LlavaNextConfig {
  const { path, value } = files.config;
  const fields = parseFields(path, schema, value);
  const parts = llavaParts(files, fields);
  const side = parts.vision.imageSize;
  const pinpoints = (fields.image_grid_pinpoints ?? PINPOINTS).map(([height, width]) => {
    if (height % side === 0 && width % side === 0) return { height, width };
    const expectation = `both sides must be multiples of the tower's ${side} pixels`;
    throw fieldError(path, 'image_grid_pinpoints', [height, width], expectation);
  });
  return { family: 'llava_next', ...parts, pinpoints };
}
