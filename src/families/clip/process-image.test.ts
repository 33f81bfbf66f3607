import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ImageError } from '../../contracts/errors.ts';
import { decodeSource } from '../../input/node/testing/decode-source.ts';
import {
  floats,
  golden,
  goldenImage,
  largestDifference,
  readGoldens,
  readJson,
  repositoryPath,
} from '../../input/node/testing/read-goldens.ts';
import { clipProcessorConfig } from './clip-processor-config.ts';
import { processImage } from './process-image.ts';

// PNG decoding is exact. JPEG decoders may differ: sharp's libvips carries mozjpeg, Pillow libjpeg-turbo, and their inverse
// DCT, chroma upsampling and SIMD kernels round differently by build and machine. 2 levels of 255, over the largest std.
const bound = (file: string) => (file.endsWith('.jpg') ? 2 / 255 / 0.27577711 : 2e-6);

function config(folder: string) {
  const path = `${folder}/preprocessor_config.json`;
  return clipProcessorConfig({ path, value: readJson(path) });
}

describe("pixel values against Hugging Face's slow CLIPImageProcessor", () => {
  const tiny = z.object({
    cases: z.array(z.object({ name: z.string(), image: z.string().nullish() })),
  });
  const tinyGoldens = readGoldens('fixtures/tiny/goldens.safetensors');
  const dialogues = tiny
    .parse(readJson('fixtures/tiny/cases.json'))
    .cases.flatMap(({ name, image }) => (image ? [{ name, image }] : []));

  it.each(dialogues)('agrees on $image of tiny dialogue $name', async ({ name, image }) => {
    const picture = await decodeSource(repositoryPath(`fixtures/tiny/images/${image}`));
    const { data } = processImage(picture, config('models/tiny/target'));
    const expected = floats(golden(tinyGoldens, `${name}.pixel_values`));
    expect(largestDifference(data, expected)).toBeLessThanOrEqual(bound(image));
  });

  const family = z.object({
    cases: z.array(z.object({ name: z.string(), images: z.array(z.string()) })),
  });
  const familyGoldens = readGoldens('fixtures/families/llava-gqa/goldens.safetensors');
  const uses = family
    .parse(readJson('fixtures/families/llava-gqa/cases.json'))
    .cases.flatMap(({ name, images }) => images.map((image, index) => ({ name, image, index })));

  it.each(uses)('agrees on $image of llava-gqa case $name', async ({ name, image, index }) => {
    const picture = await decodeSource(repositoryPath(`fixtures/families/images/${image}`));
    const { data } = processImage(picture, config('fixtures/families/llava-gqa'));
    const all = floats(golden(familyGoldens, `${name}.pixel_values`));
    const expected = all.subarray(index * data.length, (index + 1) * data.length);
    expect(largestDifference(data, expected)).toBeLessThanOrEqual(bound(image));
  });

  const made = z.object({ name: z.string(), picture: z.string(), config: z.unknown() });
  const settings = z.array(made).parse(readJson('fixtures/pictures/processor.json'));
  const madeGoldens = readGoldens('fixtures/pictures/processor.safetensors');

  it.each(settings)('equals the result under settings $name', ({ name, picture, config: json }) => {
    const { data, height, width } = processImage(
      goldenImage(madeGoldens, picture),
      clipProcessorConfig({ path: 'processor.json', value: json }),
    );
    const expected = golden(madeGoldens, name);
    expect([3, height, width]).toEqual(expected.shape);
    expect(largestDifference(data, floats(expected))).toBe(0);
  });
});

describe('processImage', () => {
  const pad = [122, 116, 104];

  it.each([
    ['wide', { width: 7, height: 2, left: 0, top: 2 }],
    ['tall', { width: 2, height: 5, left: 1, top: 0 }],
    ['square', { width: 4, height: 4, left: 0, top: 0 }],
  ])('pads a %s picture to a square around its middle first', (_, { width, height, left, top }) => {
    const pixels = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 37) % 256);
    const side = Math.max(width, height);
    const square = Uint8Array.from({ length: side * side * 3 }, (_, i) => {
      const [x, y] = [(Math.floor(i / 3) % side) - left, Math.floor(i / 3 / side) - top];
      const inside = x >= 0 && x < width && y >= 0 && y < height;
      return inside ? (pixels[(y * width + x) * 3 + (i % 3)] as number) : (pad[i % 3] as number);
    });
    const tiny = config('models/tiny/target');
    expect(processImage({ width, height, data: pixels }, { ...tiny, pad })).toEqual(
      processImage({ width: side, height: side, data: square }, tiny),
    );
  });

  it('refuses a picture whose square would not fit into memory', () => {
    const line = { width: 20_000, height: 1, data: new Uint8Array(60_000) };
    const tiny = config('models/tiny/target');
    expect(() => processImage(line, { ...tiny, pad })).toThrow(ImageError);
  });

  it('costs no more than the crop when one side is 20,000 times the other', () => {
    const line = { width: 20_000, height: 1, data: new Uint8Array(60_000).fill(128) };
    const { data } = processImage(line, {
      resize: { shortestEdge: 336 },
      resample: 'bicubic',
      crop: { width: 336, height: 336 },
      rescale: 1 / 255,
      mean: [0, 0, 0],
      std: [1, 1, 1],
    });
    expect(new Set(data)).toEqual(new Set([Math.fround(128 / 255)]));
  });
});
