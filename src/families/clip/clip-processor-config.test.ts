import { describe, expect, it } from 'vitest';
import { CheckpointError } from '../../contracts/errors.ts';
import { clipProcessorConfig } from './clip-processor-config.ts';

const parse = (json: unknown) =>
  clipProcessorConfig({ path: 'preprocessor_config.json', value: json });

describe('clipProcessorConfig', () => {
  it("fills in CLIPImageProcessor's defaults", () => {
    expect(parse({})).toEqual({
      resize: { shortestEdge: 224 },
      resample: 'bicubic',
      crop: { width: 224, height: 224 },
      rescale: 1 / 255,
      mean: [0.48145466, 0.4578275, 0.40821073],
      std: [0.26862954, 0.26130258, 0.27577711],
    });
  });

  it('leaves out the steps that a file switches off', () => {
    const off = {
      do_resize: false,
      do_center_crop: false,
      do_rescale: false,
      do_normalize: false,
    };
    expect(parse(off)).toEqual({ resample: 'bicubic', mean: [0, 0, 0], std: [1, 1, 1] });
  });

  it.each([
    ['a shortest edge', { shortest_edge: 336 }, { shortestEdge: 336 }],
    ['a rectangle', { height: 20, width: 30 }, { height: 20, width: 30 }],
    ['a number, as old files have it', 336, { shortestEdge: 336 }],
    ['null, as if left out', null, { shortestEdge: 224 }],
  ])('reads size given as %s', (_, size, resize) => {
    expect(parse({ size }).resize).toEqual(resize);
  });

  it('reads a crop given as one number', () => {
    expect(parse({ crop_size: 336 }).crop).toEqual({ height: 336, width: 336 });
  });

  it('reads one mean for all channels', () => {
    expect(parse({ image_mean: 0.5 }).mean).toEqual([0.5, 0.5, 0.5]);
  });

  it('reads resample 1 as Lanczos', () => {
    expect(parse({ resample: 1 }).resample).toBe('lanczos');
  });

  it("reads LlavaImageProcessor's padding, whose colour is the mean cut to integers", () => {
    const llava = { image_processor_type: 'LlavaImageProcessor', do_pad: true };
    expect(parse({ image_processor_type: llava.image_processor_type })).toEqual(parse({}));
    expect(parse(llava)).toEqual({ ...parse({}), pad: [122, 116, 104] });
    expect(parse({ ...llava, do_normalize: false, image_mean: 0.5 }).pad).toEqual([127, 127, 127]);
  });

  it.each([
    [
      'a mean that is no colour to pad with',
      { image_processor_type: 'LlavaImageProcessor', do_pad: true, image_mean: 122.5 },
    ],
    ['another filter', { resample: 2 }],
    ['another processor', { image_processor_type: 'SiglipImageProcessor' }],
    ['padding, which CLIP does not do', { do_pad: true }],
    ['a side of zero', { size: { shortest_edge: 0 } }],
    ['a size without a meaning', { size: { longest_edge: 336 } }],
    ['two means', { image_mean: [0.5, 0.5] }],
    ['a std of zero', { image_std: [0, 1, 1] }],
    ['a list', []],
    ['text', 'nothing'],
  ])('refuses %s', (_, json) => {
    expect(() => parse(json)).toThrow(CheckpointError);
  });

  it('names the setting that it refuses', () => {
    expect(() => parse({ resample: 2 })).toThrow(/^preprocessor_config\.json: .*resample/);
  });
});
