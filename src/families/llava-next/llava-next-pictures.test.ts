import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { CheckpointError } from '../../contracts/errors.ts';
import { floatsOf, intsOf } from '../../contracts/session.ts';
import { readJson } from '../../input/node/testing/read-goldens.ts';
import { llavaNextPictures } from './llava-next-pictures.ts';
import { llavaNextProcessorConfig } from './llava-next-processor-config.ts';

const sizeFile = z.array(
  z.object({
    side: z.int(),
    patch: z.int(),
    pinpoints: z.array(z.tuple([z.int(), z.int()])), // [height, width]
    counts: z.array(z.tuple([z.int(), z.int(), z.int()])), // [width, height, image tokens]
  }),
);
const goldens = sizeFile.parse(readJson('fixtures/families/llava-next/sizes.json'));

const IMAGE = 9;
const processor = llavaNextProcessorConfig({ path: 'preprocessor_config.json', value: {} });

/** Tiles of 4 pixels, of 2 x 2 patches. */
const small = llavaNextPictures(processor, {
  imageTokenId: IMAGE,
  vision: { imageSize: 4, patchSize: 2 },
  pinpoints: [
    { width: 8, height: 8 },
    { width: 12, height: 4 },
  ],
});
const picture = (width: number, height: number, value = 255) => ({
  width,
  height,
  data: new Uint8Array(width * height * 3).fill(value),
});

describe('LLaVA-NeXT pictures', () => {
  it.each(goldens)('take the room that Hugging Face counts, at $side pixels', (golden) => {
    const { layout } = llavaNextPictures(processor, {
      imageTokenId: IMAGE,
      vision: { imageSize: golden.side, patchSize: golden.patch },
      pinpoints: golden.pinpoints.map(([height, width]) => ({ height, width })),
    });
    const counted = golden.counts.map(([width, height]) => {
      const { ids } = layout({ width, height });
      return [width, height, ids.length];
    });
    expect(golden.counts.length).toBeGreaterThanOrEqual(300);
    expect(counted).toEqual(golden.counts);
  });

  it('have the whole first, then row by row the patches of the tiles, each row with its end', () => {
    const order = intsOf(small.feeds(picture(8, 8)), 'order');
    const end = 5 * 4;
    expect([...order]).toEqual([
      ...[0, 1, 2, 3],
      ...[4, 5, 8, 9, end],
      ...[6, 7, 10, 11, end],
      ...[12, 13, 16, 17, end],
      ...[14, 15, 18, 19, end],
    ]);
  });

  it('leave out the patches that are padding alone', () => {
    const order = intsOf(small.feeds(picture(8, 4)), 'order'); // 4 of 6 columns of patches are seen
    const end = 4 * 4;
    expect([...order]).toEqual([
      ...[0, 1, 2, 3],
      ...[5, 8, 9, 12, end], // the first column of the first tile, the last of the third are black
      ...[7, 10, 11, 14, end],
    ]);
  });

  it('are surrounded by black before they are normalised', () => {
    const pixels = floatsOf(small.feeds(picture(8, 4)), 'pixels');
    const [mean, std] = [processor.mean[0] as number, processor.std[0] as number];
    const [black, white] = [(0 - mean) / std, (1 - mean) / std];
    const firstTile = pixels.subarray(3 * 16, 3 * 16 + 4);
    for (const [x, value] of [black, black, white, white].entries()) {
      expect(firstTile[x]).toBeCloseTo(value, 5);
    }
  });
});

describe('llavaNextProcessorConfig', () => {
  it("fills in LlavaNextImageProcessor's defaults", () => {
    expect(processor).toMatchObject({
      wholeSide: 224,
      tile: { width: 224, height: 224 },
      resample: 'bicubic',
      rescale: 1 / 255,
    });
    expect(processor.pinpoints[0]).toEqual({ height: 336, width: 672 });
  });

  it.each([
    { image_processor_type: 'CLIPImageProcessor' },
    { aspect_ratio_setting: 'pad' },
    { image_grid_pinpoints: [[336]] },
    { image_grid_pinpoints: '(1x1),...,(6x6)' },
    { resample: 2 },
  ])('refuses %j', (fields) => {
    const parse = () =>
      llavaNextProcessorConfig({ path: 'preprocessor_config.json', value: fields });
    expect(parse).toThrow(CheckpointError);
    expect(parse).toThrow(Object.keys(fields)[0]);
  });
});
