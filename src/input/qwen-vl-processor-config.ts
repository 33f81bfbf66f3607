/**
 * `preprocessor_config.json` of a Qwen2VLImageProcessor → the settings that shape patches, with the defaults that
 * Hugging Face's class fills in for keys that a file leaves out. What it does otherwise is refused.
 */
import { z } from 'zod';
import { CheckpointError } from '../contracts/errors.ts';
import type { ImageProcessorConfig } from '../contracts/image.ts';

export interface QwenVlProcessorConfig
  extends Pick<ImageProcessorConfig, 'resample' | 'rescale' | 'mean' | 'std'> {
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

const count = z.int().positive();
const perChannel = (number: z.ZodNumber) =>
  z.union([z.array(number).length(3), number.transform((value) => [value, value, value])]);

const schema = z.object({
  image_processor_type: z.enum(PROCESSORS).optional(),
  do_resize: z.literal(true).optional(),
  size: z.object({ shortest_edge: count, longest_edge: count }).nullish(),
  min_pixels: count.nullish(),
  max_pixels: count.nullish(),
  resample: z.union([z.literal(1), z.literal(3)]).default(3),
  do_rescale: z.boolean().default(true),
  rescale_factor: z.number().default(1 / 255),
  do_normalize: z.boolean().default(true),
  image_mean: perChannel(z.number()).nullish(),
  image_std: perChannel(z.number().positive()).nullish(),
  do_convert_rgb: z.boolean().nullish(),
  do_center_crop: z.literal(false).nullish(),
  do_pad: z.literal(false).nullish(),
  patch_size: count.default(14),
  temporal_patch_size: count.default(2),
  merge_size: count.default(2),
});

/**
 * Reads the parsed JSON of the file at `path`. Bounds in `min_pixels` and `max_pixels` go before those in `size`.
 * Throws CheckpointError for another processor or a setting that is not Qwen2-VL's.
 */
export function parseQwenVlProcessorConfig(json: unknown, path: string): QwenVlProcessorConfig {
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path: keys, message }) =>
      keys.length === 0 ? message : `${keys.join('.')}: ${message}`,
    );
    throw new CheckpointError(
      path,
      `these are not settings of a Qwen2-VL image processor that is supported (${problems.join('; ')}).`,
    );
  }
  const file = parsed.data;
  const mean = file.image_mean ?? [0.48145466, 0.4578275, 0.40821073];
  const std = file.image_std ?? [0.26862954, 0.26130258, 0.27577711];
  return {
    resample: file.resample === 3 ? 'bicubic' : 'lanczos',
    ...(file.do_rescale ? { rescale: file.rescale_factor } : {}),
    mean: file.do_normalize ? mean : [0, 0, 0],
    std: file.do_normalize ? std : [1, 1, 1],
    patchSize: file.patch_size,
    temporalPatchSize: file.temporal_patch_size,
    mergeSize: file.merge_size,
    minPixels: file.min_pixels ?? file.size?.shortest_edge ?? 56 * 56,
    maxPixels: file.max_pixels ?? file.size?.longest_edge ?? 28 * 28 * 1280,
  };
}
