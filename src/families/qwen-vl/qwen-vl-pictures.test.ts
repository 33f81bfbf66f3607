import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ImageError } from '../../contracts/errors.ts';
import { readJson } from '../../input/node/testing/read-goldens.ts';
import { qwenVlPictures, smartResize } from './qwen-vl-pictures.ts';
import { qwenVlProcessorConfig } from './qwen-vl-processor-config.ts';

/** Random width, height, patch, merge, least and most pixels → width and height by transformers 4.57.6, or its refusal. */
const int = z.int();
const rows = z
  .array(z.tuple([int, int, int, int, int, int, z.tuple([int, int]).nullable()]))
  .parse(readJson('fixtures/families/qwen2-vl/sizes.json'));

describe('smartResize', () => {
  it('takes the sizes of Hugging Face, and refuses what it refuses', () => {
    const wrong = rows.filter(
      ([width, height, patchSize, mergeSize, minPixels, maxPixels, want]) => {
        const bounds = { patchSize, mergeSize, minPixels, maxPixels };
        const resize = () => smartResize({ width, height }, bounds);
        if (want !== null) {
          const got = resize();
          return got.width !== want[0] || got.height !== want[1];
        }
        expect(resize).toThrow(ImageError);
        return false;
      },
    );
    expect(rows).toHaveLength(400);
    expect(wrong).toEqual([]);
  });

  it('says how long and thin a picture is that it refuses', () => {
    const bounds = { patchSize: 14, mergeSize: 2, minPixels: 3136, maxPixels: 1_003_520 };
    const resize = () => smartResize({ width: 10, height: 2010 }, bounds);
    expect(resize).toThrow('of 10 x 2010: one side is more than 200 times the other');
  });
});

describe('qwenVlPictures', () => {
  const settings = { patch_size: 2, merge_size: 2, temporal_patch_size: 2, min_pixels: 16 };
  const plain = { do_rescale: false, do_normalize: false, ...settings };
  const reader = qwenVlPictures(qwenVlProcessorConfig({ path: 'x', value: plain }), {
    imageTokenId: 9,
    towerFeeds: () => ({}),
  });
  const picture = { width: 8, height: 4, data: Uint8Array.from({ length: 96 }, (_, i) => i) };

  it('lays a picture out by squares of patches', () => {
    expect(reader.layout(picture)).toEqual({ ids: [9, 9], grid: { height: 1, width: 2 } });
  });

  it('cuts patches square by square, channels first, a frame twice', () => {
    const { pixels } = reader.feeds(picture);
    expect(pixels?.shape).toEqual([8, 24]);
    const patch = (index: number) =>
      [...(pixels?.data ?? [])].slice(index * 24, index * 24 + 24).map(Number);
    const at = (y: number, x: number, channel: number) => (y * 8 + x) * 3 + channel;
    /** The patch whose upper left pixel this is. */
    const from = (y: number, x: number) =>
      [0, 1, 2].flatMap((channel) => {
        const frame = [
          at(y, x, channel),
          at(y, x + 1, channel),
          at(y + 1, x, channel),
          at(y + 1, x + 1, channel),
        ];
        return [...frame, ...frame];
      });
    const corners = [
      [0, 0],
      [0, 2],
      [2, 0],
      [2, 2],
      [0, 4],
      [0, 6],
      [2, 4],
      [2, 6],
    ] as const;
    for (const [index, [y, x]] of corners.entries()) expect(patch(index)).toEqual(from(y, x));
  });
});
