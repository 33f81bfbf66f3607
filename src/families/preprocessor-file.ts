/** What the `preprocessor_config.json` of every image processor may say of pixel values, and how such a file is read. */
import * as z from 'zod';
import { CheckpointError } from '../contracts/errors.ts';
import type { PixelSettings } from '../contracts/image.ts';
import type { JsonFile } from '../contracts/model-folder.ts';

// Pillow's numbers for its filters.
const FILTERS = { 1: 'lanczos', 3: 'bicubic' } as const;

const perChannel = (number: z.ZodNumber) =>
  z.union([z.array(number).length(3), number.transform((value) => [value, value, value])]);

/** A side in pixels. */
export const side = z.int().positive();

export const pixelFields = {
  resample: z.union([z.literal(1), z.literal(3)]).optional(),
  do_rescale: z.boolean().default(true),
  rescale_factor: z.number().default(1 / 255),
  do_normalize: z.boolean().default(true),
  image_mean: perChannel(z.number()).nullish(),
  image_std: perChannel(z.number().positive()).nullish(),
};

const pixelFile = z.object(pixelFields);

/** Statistics of the pictures that CLIP was trained on. */
export const CLIP_PIXELS = {
  resample: 'bicubic',
  mean: [0.48145466, 0.4578275, 0.40821073],
  std: [0.26862954, 0.26130258, 0.27577711],
} as const;

/** The settings of a file, with what the processor's class takes for keys that are left out. */
export function pixelSettings(
  file: z.output<typeof pixelFile>,
  defaults: Pick<PixelSettings, 'resample' | 'mean' | 'std'>,
): PixelSettings {
  return {
    resample: file.resample === undefined ? defaults.resample : FILTERS[file.resample],
    ...(file.do_rescale ? { rescale: file.rescale_factor } : {}),
    mean: file.do_normalize ? (file.image_mean ?? defaults.mean) : [0, 0, 0],
    std: file.do_normalize ? (file.image_std ?? defaults.std) : [1, 1, 1],
  };
}

/**
 * A file as `schema` reads it.
 * @param kind as `CLIP`
 * @throws CheckpointError for another processor or a setting that `kind` does not have
 */
export function parsePreprocessor<T extends z.ZodType>(
  schema: T,
  { path, value }: JsonFile,
  kind: string,
): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path: keys, message }) =>
    keys.length === 0 ? message : `${keys.join('.')}: ${message}`,
  );
  throw new CheckpointError(
    path,
    `these are not settings of a ${kind} image processor that is supported (${problems.join('; ')}).`,
  );
}

/** The error for a file that makes pictures in another way than the model reads them. */
export function otherProcessor({ path }: JsonFile, problem: string): CheckpointError {
  return new CheckpointError(path, `it ${problem}; use the files of one and the same model.`);
}
