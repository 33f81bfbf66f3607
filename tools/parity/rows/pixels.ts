import * as z from 'zod';
import { clipProcessorConfig } from '../../../src/families/clip/clip-processor-config.ts';
import { processImage } from '../../../src/families/clip/process-image.ts';
import { decodeSource } from '../../../src/input/node/testing/decode-source.ts';
import {
  floats,
  golden,
  goldenImage,
  largestDifference,
  readGoldens,
  readJson,
  repositoryPath,
} from '../../../src/input/node/testing/read-goldens.ts';
import { resample } from '../../../src/input/resample.ts';
import { familyCases, goldenNumbers, tinyCases } from '../golden-cases.ts';
import { EQUAL, type Line, most } from '../line.ts';
import { createTally, figures, sameNumbers } from '../tally.ts';

const SLOW = 'HF slow processor (PIL)';
const isJpeg = (path: string) => path.endsWith('.jpg');

/** Pixel values of every recorded picture, from its file. */
export async function pixelValues(): Promise<Line[]> {
  const png = createTally();
  const jpeg = createTally();
  const sets = [
    { folder: 'models/tiny/target', cases: tinyCases() },
    { folder: 'fixtures/families/llava-gqa', cases: familyCases() },
  ];
  for (const { folder, cases } of sets) {
    const path = `${folder}/preprocessor_config.json`;
    const config = clipProcessorConfig({ path, value: readJson(path) });
    for (const { set, name, pictures } of cases.filter((one) => one.pictures.length > 0)) {
      const all = goldenNumbers(set)(`${name}.pixel_values`);
      for (const [index, picture] of pictures.entries()) {
        const { data } = processImage(await decodeSource(picture), config);
        const expected = all.subarray(index * data.length, (index + 1) * data.length);
        if (isJpeg(picture)) jpeg.add(levelDifference(data, expected, config.std) / 255);
        else png.add(largestDifference(data, expected));
      }
    }
  }
  const notes = [
    'before normalising; sharp carries mozjpeg, Pillow libjpeg-turbo: inverse DCT and chroma upsampling may round apart, by build and machine',
  ];
  return [
    {
      what: 'pixel values, PNG',
      against: SLOW,
      bound: most(2e-6),
      unit: 'pictures',
      ...figures(png),
    },
    {
      what: 'pixel values, JPEG',
      against: SLOW,
      bound: most(2 / 255),
      unit: 'pictures',
      ...figures(jpeg),
      notes,
    },
  ];
}

/** Largest difference in 8-bit levels, by undoing the channels' division. */
function levelDifference(a: Float32Array, b: Float32Array, std: readonly number[]): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  const plane = a.length / 3;
  const channels = std.map(
    (deviation, c) =>
      deviation *
      largestDifference(
        a.subarray(c * plane, (c + 1) * plane),
        b.subarray(c * plane, (c + 1) * plane),
      ),
  );
  return 255 * Math.max(...channels);
}

/** Pictures of every awkward kind as they are read, and the processor under other settings. */
export async function awkwardPictures(): Promise<Line[]> {
  const exact = createTally();
  const jpeg = createTally();
  for (const set of ['families/images', 'pictures']) {
    const goldens = readGoldens(`fixtures/${set}/decoded.safetensors`);
    for (const name of goldens.keys()) {
      const { data } = await decodeSource(repositoryPath(`fixtures/${set}/${name}`));
      const expected = goldenImage(goldens, name).data;
      if (isJpeg(name)) jpeg.add(largestDifference(data, expected));
      else exact.equal(sameNumbers(data, expected), name);
    }
  }
  const processed = createTally();
  const made = z.array(z.object({ name: z.string(), picture: z.string(), config: z.unknown() }));
  const goldens = readGoldens('fixtures/pictures/processor.safetensors');
  for (const { name, picture, config } of made.parse(
    readJson('fixtures/pictures/processor.json'),
  )) {
    const settings = clipProcessorConfig({ path: 'processor.json', value: config });
    const { data } = processImage(goldenImage(goldens, picture), settings);
    processed.equal(sameNumbers(data, floats(golden(goldens, name))), name);
  }
  const against = 'HF load_image (Pillow)';
  return [
    {
      what: 'decoded PNG, WebP, GIF',
      against,
      bound: EQUAL,
      unit: 'pictures',
      ...figures(exact),
    },
    {
      what: 'decoded JPEG, levels of 255',
      against,
      bound: most(2),
      unit: 'pictures',
      ...figures(jpeg),
    },
    {
      what: 'pixel values, other settings',
      against: SLOW,
      bound: EQUAL,
      unit: 'settings',
      ...figures(processed),
    },
  ];
}

/** The resize alone, bit for bit. */
export async function resizes(): Promise<Line[]> {
  const tally = createTally();
  const decoded = readGoldens('fixtures/families/images/decoded.safetensors');
  const resized = readGoldens('fixtures/families/resize.safetensors');
  const pair = z.object({ source: z.string(), bicubic: z.string(), lanczos: z.string() });
  for (const one of z.array(pair).parse(readJson('fixtures/families/resize.json'))) {
    for (const filter of ['bicubic', 'lanczos'] as const) {
      const expected = goldenImage(resized, one[filter]);
      const source = goldenImage(decoded, one.source);
      const { data } = resample(source, expected.width, expected.height, filter);
      tally.equal(sameNumbers(data, expected.data), `${filter} of ${one.source}`);
    }
  }
  const shapes = readGoldens('fixtures/pictures/resample.safetensors');
  for (const name of [...shapes.keys()].filter((one) => !one.endsWith('source'))) {
    const expected = goldenImage(shapes, name);
    const [number, , filter] = name.split('.');
    const source = goldenImage(shapes, `${number}.source`);
    const kind = filter === 'lanczos' ? 'lanczos' : 'bicubic';
    const { data } = resample(source, expected.width, expected.height, kind);
    tally.equal(sameNumbers(data, expected.data), name);
  }
  return [
    {
      what: 'resize, bicubic and Lanczos',
      against: 'Pillow',
      bound: EQUAL,
      unit: 'resizes',
      ...figures(tally),
    },
  ];
}
