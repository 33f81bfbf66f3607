/**
 * `preprocessor_config.json` of a Qwen2VLImageProcessor → the settings that shape patches, with the defaults that
 * Hugging Face's class fills in for keys that a file leaves out. What it does otherwise is refused.
 */
import * as z from 'zod';
import type { PixelSettings } from '../../contracts/image.ts';
import type { JsonFile } from '../../contracts/model-folder.ts';
import {
  CLIP_PIXELS,
  otherProcessor,
  parsePreprocessor,
  pixelFields,
  pixelSettings,
  side,
} from '../preprocessor-file.ts';
import type { QwenVision } from './qwen-vl-config.ts';

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
  size: z
    .strictObject({
      shortest_edge: area.nullish(),
      longest_edge: area.nullish(),
      min_pixels: area.nullish(),
      max_pixels: area.nullish(),
    })
    .nullish(),
  min_pixels: area.nullish(),
  max_pixels: area.nullish(),
  do_center_crop: z.literal(false).nullish(),
  do_pad: z.literal(false).nullish(),
  patch_size: side.default(14),
  temporal_patch_size: z.int().positive().default(2),
  merge_size: side.default(2),
});

/**
 * Bounds in `min_pixels` and `max_pixels` go before those in `size`, whose edges are areas, too; files of transformers
 * 4.45 to 4.49 repeat them there by their own names.
 * @throws CheckpointError for another processor or a setting that is not Qwen2-VL's
 */
export function qwenVlProcessorConfig(file: JsonFile): QwenVlProcessorConfig {
  const fields = parsePreprocessor(schema, file, 'Qwen2-VL');
  const { size } = fields;
  return {
    ...pixelSettings(fields, CLIP_PIXELS),
    patchSize: fields.patch_size,
    temporalPatchSize: fields.temporal_patch_size,
    mergeSize: fields.merge_size,
    minPixels: fields.min_pixels ?? size?.shortest_edge ?? size?.min_pixels ?? 56 * 56,
    maxPixels: fields.max_pixels ?? size?.longest_edge ?? size?.max_pixels ?? 28 * 28 * 1280,
  };
}

/**
 * The settings of the file beside a tower's config.
 * @throws CheckpointError where they cut pictures in another way than the tower reads them
 */
export function qwenVlProcessorOf(file: JsonFile, vision: QwenVision): QwenVlProcessorConfig {
  const processor = qwenVlProcessorConfig(file);
  const [made, read] = [patches(processor), patches(vision)];
  if (made === read) return processor;
  throw otherProcessor(file, `makes ${made}, but the vision tower reads ${read}`);
}

function patches({
  patchSize,
  temporalPatchSize,
  mergeSize,
}: Pick<QwenVision, 'patchSize' | 'temporalPatchSize' | 'mergeSize'>): string {
  return `patches of ${patchSize} pixels and ${temporalPatchSize} frames, merged by ${mergeSize} x ${mergeSize}`;
}
