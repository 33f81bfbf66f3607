/**
 * `preprocessor_config.json` of a CLIPImageProcessor → the settings that shape pixel values, with the defaults that Hugging
 * Face's class fills in for keys that a file leaves out. Settings that we would get wrong are refused, never skipped.
 */
import { z } from 'zod';
import type { ImageProcessorConfig } from '../contracts/image.ts';
import {
  CLIP_PIXELS,
  parsePreprocessor,
  pixelFields,
  pixelSettings,
  side,
} from './preprocessor-file.ts';

// The fast class differs in torchvision's resize only; its files mean the same.
const PROCESSORS = ['CLIPImageProcessor', 'CLIPImageProcessorFast', 'CLIPFeatureExtractor'];

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

const schema = z.object({
  ...pixelFields,
  ...clipSizeFields,
  image_processor_type: z.enum(PROCESSORS).optional(),
  feature_extractor_type: z.enum(PROCESSORS).optional(),
  do_resize: z.boolean().default(true),
  do_center_crop: z.boolean().default(true),
  do_pad: z.literal(false).nullish(),
});

/** Reads the parsed JSON of the file at `path`. Throws CheckpointError for another processor or a setting that is not CLIP's. */
export function parseImageProcessorConfig(json: unknown, path: string): ImageProcessorConfig {
  const file = parsePreprocessor(schema, json, path, 'CLIP');
  return {
    ...pixelSettings(file, CLIP_PIXELS),
    ...(file.do_resize ? { resize: file.size } : {}),
    ...(file.do_center_crop ? { crop: file.crop_size } : {}),
  };
}
