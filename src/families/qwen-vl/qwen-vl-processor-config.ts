/**
 * `preprocessor_config.json` of a Qwen2VLImageProcessor → the settings that shape patches, with the defaults that
 * Hugging Face's class fills in for keys that a file leaves out. What it does otherwise is refused.
 */
import { z } from 'zod';
import type { PixelSettings } from '../../contracts/image.ts';
import {
  CLIP_PIXELS,
  parsePreprocessor,
  pixelFields,
  pixelSettings,
  side,
} from '../preprocessor-file.ts';

export interface QwenVlProcessorConfig extends PixelSettings {
  readonly patchSize: number;
  readonly temporalPatchSize: number;
  readonly mergeSize: number;
  /** Bounds of width × height after resizing. */
  readonly minPixels: number;
  readonly maxPixels: number;
}

// The fast class differs in torchvision's resize only; its files mean the same.
const PROCESSORS = [
  'Qwen2VLImageProcessor',
  'Qwen2VLImageProcessorFast',
  'Qwen2_5_VLImageProcessor',
];

const area = z.int().positive();

const schema = z.object({
  ...pixelFields,
  image_processor_type: z.enum(PROCESSORS).optional(),
  do_resize: z.literal(true).optional(),
  size: z.object({ shortest_edge: area, longest_edge: area }).nullish(),
  min_pixels: area.nullish(),
  max_pixels: area.nullish(),
  do_center_crop: z.literal(false).nullish(),
  do_pad: z.literal(false).nullish(),
  patch_size: side.default(14),
  temporal_patch_size: z.int().positive().default(2),
  merge_size: side.default(2),
});

/**
 * Reads the parsed JSON of the file at `path`. Bounds in `min_pixels` and `max_pixels` go before those in `size`, whose
 * edges are areas, too. Throws CheckpointError for another processor or a setting that is not Qwen2-VL's.
 */
export function parseQwenVlProcessorConfig(json: unknown, path: string): QwenVlProcessorConfig {
  const file = parsePreprocessor(schema, json, path, 'Qwen2-VL');
  return {
    ...pixelSettings(file, CLIP_PIXELS),
    patchSize: file.patch_size,
    temporalPatchSize: file.temporal_patch_size,
    mergeSize: file.merge_size,
    minPixels: file.min_pixels ?? file.size?.shortest_edge ?? 56 * 56,
    maxPixels: file.max_pixels ?? file.size?.longest_edge ?? 28 * 28 * 1280,
  };
}
