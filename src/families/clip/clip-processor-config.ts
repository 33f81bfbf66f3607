/**
 * `preprocessor_config.json` of a CLIPImageProcessor or LlavaImageProcessor (CLIP's with padding) → the settings that
 * shape pixel values, with the defaults that Hugging Face's class fills in for keys that a file leaves out. Settings that
 * we would get wrong are refused, never skipped.
 */
import * as z from 'zod';
import type { PixelSettings } from '../../contracts/image.ts';
import type { JsonFile } from '../../contracts/model-folder.ts';
import {
  CLIP_PIXELS,
  parsePreprocessor,
  pixelFields,
  pixelSettings,
  side,
} from '../preprocessor-file.ts';

export interface ClipProcessorConfig extends PixelSettings {
  /** Colour, 8-bit RGB, with which a picture becomes square before anything else. */
  readonly pad?: readonly number[]; // [3]
  readonly resize?:
    | { readonly shortestEdge: number }
    | { readonly width: number; readonly height: number };
  readonly crop?: { readonly width: number; readonly height: number };
}

// The fast class differs in torchvision's resize only; its files mean the same.
const CLIP = ['CLIPImageProcessor', 'CLIPImageProcessorFast', 'CLIPFeatureExtractor'] as const;
const LLAVA = ['LlavaImageProcessor', 'LlavaImageProcessorFast'] as const;

const rectangle = z.object({ height: side, width: side });
const optional = <T extends z.ZodType>(schema: T, value: z.output<T>) =>
  schema.nullish().transform((given) => given ?? value);

/** How a CLIP picture is resized and cropped. */
export const clipSizeFields = {
  size: optional(
    z.union([
      z.object({ shortest_edge: side }).transform((size) => ({ shortestEdge: size.shortest_edge })),
      rectangle,
      side.transform((shortestEdge) => ({ shortestEdge })),
    ]),
    { shortestEdge: 224 },
  ),
  crop_size: optional(
    z.union([rectangle, side.transform((length) => ({ height: length, width: length }))]),
    { height: 224, width: 224 },
  ),
};

const schema = z
  .object({
    ...pixelFields,
    ...clipSizeFields,
    image_processor_type: z.enum([...CLIP, ...LLAVA]).optional(),
    feature_extractor_type: z.enum(CLIP).optional(),
    do_resize: z.boolean().default(true),
    do_center_crop: z.boolean().default(true),
    do_pad: z.boolean().nullish(),
  })
  .refine(
    ({ do_pad, image_mean }) => !do_pad || !image_mean?.some((mean) => mean < 0 || mean > 1),
    {
      path: ['image_mean'],
      message: 'it is no colour to pad with',
    },
  )
  .refine(
    ({ do_pad, image_processor_type: type }) => !do_pad || LLAVA.some((one) => one === type),
    {
      path: ['do_pad'],
      message: `only ${LLAVA[0]} pads`,
    },
  );

/** @throws CheckpointError for another processor or a setting that is not CLIP's */
export function clipProcessorConfig(file: JsonFile): ClipProcessorConfig {
  const fields = parsePreprocessor(schema, file, 'CLIP');
  return {
    ...(fields.do_pad ? { pad: padColour(fields.image_mean ?? CLIP_PIXELS.mean) } : {}),
    ...pixelSettings(fields, CLIP_PIXELS),
    ...(fields.do_resize ? { resize: fields.size } : {}),
    ...(fields.do_center_crop ? { crop: fields.crop_size } : {}),
  };
}

/** The mean as LLaVA's code makes a colour of it: cut to integers. */
const padColour = (mean: readonly number[]): number[] =>
  mean.map((value) => Math.trunc(value * 255));
