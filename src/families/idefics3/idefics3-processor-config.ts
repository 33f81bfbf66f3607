/**
 * `preprocessor_config.json` of an Idefics3ImageProcessor or SmolVLMImageProcessor → the settings that shape tiles, with
 * the defaults that Hugging Face's classes fill in. `do_pad` is not read: all tiles have one size.
 */
import * as z from 'zod';
import type { PixelSettings } from '../../contracts/image.ts';
import type { JsonFile } from '../../contracts/model-folder.ts';
import { parsePreprocessor, pixelFields, pixelSettings, side } from '../preprocessor-file.ts';

export interface Idefics3ProcessorConfig extends PixelSettings {
  /** What the longer side is resized to before anything else. */
  readonly longestEdge: number;
  /** Side of a tile. */
  readonly tileSide: number;
  /** Whether pictures are cut into tiles; else each is one tile. */
  readonly split: boolean;
}

const longestEdge = z.strictObject({ longest_edge: side });

const schema = z.object({
  ...pixelFields,
  image_processor_type: z
    .enum([
      'Idefics3ImageProcessor',
      'Idefics3ImageProcessorFast',
      'SmolVLMImageProcessor',
      'SmolVLMImageProcessorFast',
    ])
    .optional(),
  do_resize: z.literal(true).optional(),
  do_image_splitting: z.boolean().default(true),
  size: longestEdge.nullish(),
  max_image_size: longestEdge.nullish(),
});

const DEFAULTS = { resample: 'lanczos', mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] } as const;

/** @throws CheckpointError for another processor or an unknown setting */
export function idefics3ProcessorConfig(file: JsonFile): Idefics3ProcessorConfig {
  const fields = parsePreprocessor(schema, file, 'Idefics3');
  return {
    ...pixelSettings(fields, DEFAULTS),
    longestEdge: fields.size?.longest_edge ?? 4 * 364,
    tileSide: fields.max_image_size?.longest_edge ?? 364,
    split: fields.do_image_splitting,
  };
}
