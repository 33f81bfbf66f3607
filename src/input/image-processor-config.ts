/**
 * `preprocessor_config.json` of a CLIPImageProcessor → the settings that shape pixel values, with the defaults that Hugging
 * Face's class fills in for keys that a file leaves out. Settings that we would get wrong are refused, never skipped.
 */
import { z } from 'zod';
import { CheckpointError } from '../contracts/errors.ts';
import type { ImageProcessorConfig } from '../contracts/image.ts';

// The fast class differs in torchvision's resize only; its files mean the same.
const PROCESSORS = ['CLIPImageProcessor', 'CLIPImageProcessorFast', 'CLIPFeatureExtractor'];

// Pillow's numbers for its filters.
const FILTERS = { 1: 'lanczos', 3: 'bicubic' } as const;

const side = z.int().positive();
const rectangle = z.object({ height: side, width: side });
const perChannel = (number: z.ZodNumber) =>
  z.union([z.array(number).length(3), number.transform((value) => [value, value, value])]);
const optional = <T extends z.ZodType>(schema: T, value: z.output<T>) =>
  schema.nullish().transform((given) => given ?? value);

const schema = z.object({
  image_processor_type: z.enum(PROCESSORS).optional(),
  feature_extractor_type: z.enum(PROCESSORS).optional(),
  do_resize: z.boolean().default(true),
  size: optional(
    z.union([
      z.object({ shortest_edge: side }).transform((size) => ({ shortestEdge: size.shortest_edge })),
      rectangle,
      side.transform((shortestEdge) => ({ shortestEdge })),
    ]),
    { shortestEdge: 224 },
  ),
  resample: z.union([z.literal(1), z.literal(3)]).default(3),
  do_center_crop: z.boolean().default(true),
  crop_size: optional(
    z.union([rectangle, side.transform((length) => ({ height: length, width: length }))]),
    { height: 224, width: 224 },
  ),
  do_rescale: z.boolean().default(true),
  rescale_factor: z.number().default(1 / 255),
  do_normalize: z.boolean().default(true),
  image_mean: optional(perChannel(z.number()), [0.48145466, 0.4578275, 0.40821073]),
  image_std: optional(perChannel(z.number().positive()), [0.26862954, 0.26130258, 0.27577711]),
  do_pad: z.literal(false).nullish(),
});

/** Reads the parsed JSON of the file at `path`. Throws CheckpointError for another processor or a setting that is not CLIP's. */
export function parseImageProcessorConfig(json: unknown, path: string): ImageProcessorConfig {
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path: keys, message }) =>
      keys.length === 0 ? message : `${keys.join('.')}: ${message}`,
    );
    throw new CheckpointError(
      path,
      `these are not settings of a CLIP image processor that is supported (${problems.join('; ')}).`,
    );
  }
  const file = parsed.data;
  return {
    ...(file.do_resize ? { resize: file.size } : {}),
    resample: FILTERS[file.resample],
    ...(file.do_center_crop ? { crop: file.crop_size } : {}),
    ...(file.do_rescale ? { rescale: file.rescale_factor } : {}),
    mean: file.do_normalize ? file.image_mean : [0, 0, 0],
    std: file.do_normalize ? file.image_std : [1, 1, 1],
  };
}
