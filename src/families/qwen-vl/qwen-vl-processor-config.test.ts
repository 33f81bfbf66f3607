import { describe, expect, it } from 'vitest';
import { CheckpointError } from '../../contracts/errors.ts';
import { qwenVlProcessorConfig } from './qwen-vl-processor-config.ts';

const parse = (json: unknown) =>
  qwenVlProcessorConfig({ path: 'preprocessor_config.json', value: json });

describe('qwenVlProcessorConfig', () => {
  it("fills in Qwen2VLImageProcessor's defaults", () => {
    expect(parse({})).toEqual({
      resample: 'bicubic',
      rescale: 1 / 255,
      mean: [0.48145466, 0.4578275, 0.40821073],
      std: [0.26862954, 0.26130258, 0.27577711],
      patchSize: 14,
      temporalPatchSize: 2,
      mergeSize: 2,
      minPixels: 3136,
      maxPixels: 1_003_520,
    });
  });

  it.each([
    ['in pixels, as published', { min_pixels: 100, max_pixels: 900 }],
    ['in a size, as newer files have it', { size: { shortest_edge: 100, longest_edge: 900 } }],
    [
      'in a size by those names, as transformers 4.45 has them',
      { size: { min_pixels: 100, max_pixels: 900 } },
    ],
    [
      'in both, of which pixels go first',
      { min_pixels: 100, max_pixels: 900, size: { shortest_edge: 1, longest_edge: 2 } },
    ],
    [
      'in half',
      { min_pixels: 100, max_pixels: null, size: { shortest_edge: 1, longest_edge: 900 } },
    ],
  ])('reads bounds given %s', (_, bounds) => {
    expect(parse(bounds)).toMatchObject({ minPixels: 100, maxPixels: 900 });
  });

  it.each([
    ['another processor', { image_processor_type: 'CLIPImageProcessor' }, 'image_processor_type'],
    ['pictures as they are', { do_resize: false }, 'do_resize'],
    ['another form of size', { size: { height: 9, width: 9 } }, 'size: '],
    ['a filter', { resample: 2 }, 'resample'],
    ['padding', { do_pad: true }, 'do_pad'],
    ['no file', undefined, 'Qwen2-VL image processor'],
  ])('refuses %s by name', (_, json, name) => {
    expect(() => parse(json)).toThrow(CheckpointError);
    expect(() => parse(json)).toThrow(name);
  });
});
