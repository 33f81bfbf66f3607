/**
 * `preprocessor_config.json` of a LlavaNextImageProcessor → the settings that shape tiles, with the defaults that Hugging
 * Face's class fills in. `do_resize`, `do_center_crop` and `do_pad` are not read: they change nothing where all sizes
 * are the tower's.
 */
import * as z from 'zod';
import type { PixelSettings } from '../../contracts/image.ts';
import type { JsonFile } from '../../contracts/model-folder.ts';
import { clipSizeFields } from '../clip/clip-processor-config.ts';
import {
  CLIP_PIXELS,
  parsePreprocessor,
  pixelFields,
  pixelSettings,
  side,
} from '../preprocessor-file.ts';

export interface LlavaNextProcessorConfig extends PixelSettings {
  /** Side that the whole picture is resized to. */
  readonly wholeSide: number;
  /** Sides of a tile. */
  readonly tile: { readonly width: number; readonly height: number };
  readonly pinpoints: readonly { readonly height: number; readonly width: number }[];
}

const schema = z.object({
  ...pixelFields,
  ...clipSizeFields,
  image_processor_type: z
    .enum(['LlavaNextImageProcessor', 'LlavaNextImageProcessorFast'])
    .optional(),
  aspect_ratio_setting: z.literal('anyres').optional(),
  image_grid_pinpoints: z
    .array(z.tuple([side, side]).transform(([height, width]) => ({ height, width })))
    .min(1)
    .nullish(),
});

const PINPOINTS = [
  { height: 336, width: 672 },
  { height: 672, width: 336 },
  { height: 672, width: 672 },
  { height: 1008, width: 336 },
  { height: 336, width: 1008 },
];

/** @throws CheckpointError for another processor or an unknown setting */
export function llavaNextProcessorConfig(file: JsonFile): LlavaNextProcessorConfig {
  const fields = parsePreprocessor(schema, file, 'LLaVA-NeXT');
  const { size, crop_size: tile } = fields;
  const wholeSide = 'width' in size ? Math.min(size.width, size.height) : size.shortestEdge;
  const pinpoints = fields.image_grid_pinpoints ?? PINPOINTS;
  return { ...pixelSettings(fields, CLIP_PIXELS), wholeSide, tile, pinpoints };
}
