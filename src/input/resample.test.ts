import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { goldenImage, readGoldens, readJson } from './node/testing/read-goldens.ts';
import { resample, resampleWindow } from './resample.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);
const filters = ['bicubic', 'lanczos'] as const;
const side = fc.integer({ min: 1, max: 40 });

const image = fc.tuple(side, side).chain(([width, height]) =>
  fc.record({
    width: fc.constant(width),
    height: fc.constant(height),
    data: fc.uint8Array({ minLength: width * height * 3, maxLength: width * height * 3 }),
  }),
);

describe("resample against Pillow's resize", () => {
  const decoded = readGoldens('fixtures/families/images/decoded.safetensors');
  const resized = readGoldens('fixtures/families/resize.safetensors');
  const pair = z.object({ source: z.string(), bicubic: z.string(), lanczos: z.string() });
  const pairs = z.array(pair).parse(readJson('fixtures/families/resize.json'));

  for (const filter of filters) {
    it.each(pairs)(`equals ${filter} of $source`, ({ source, [filter]: name }) => {
      const expected = goldenImage(resized, name);
      const { width, height } = expected;
      expect(resample(goldenImage(decoded, source), width, height, filter)).toEqual(expected);
    });
  }

  const shapes = readGoldens('fixtures/pictures/resample.safetensors');
  const names = [...shapes.keys()].filter((name) => !name.endsWith('source'));
  it.each(names)('equals %s whichever pass comes first', (name) => {
    const [number, , filter] = name.split('.');
    const expected = goldenImage(shapes, name);
    const actual = resample(
      goldenImage(shapes, `${number}.source`),
      expected.width,
      expected.height,
      filter === 'lanczos' ? 'lanczos' : 'bicubic',
    );
    expect(actual).toEqual(expected);
  });
});

describe('resample', () => {
  it.each(filters)('keeps every sample of a picture that keeps its size (%s)', (filter) => {
    fc.assert(
      fc.property(image, (picture) => {
        expect(resample(picture, picture.width, picture.height, filter)).toEqual(picture);
      }),
      { numRuns },
    );
  });

  it.each(filters)('keeps a constant picture constant at the size asked for (%s)', (filter) => {
    const byte = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(side, side, side, side, byte, (width, height, newWidth, newHeight, value) => {
        const data = new Uint8Array(width * height * 3).fill(value);
        const resized = resample({ width, height, data }, newWidth, newHeight, filter);
        expect(resized.data).toHaveLength(newWidth * newHeight * 3);
        expect(resized.data.every((sample) => sample === value)).toBe(true);
      }),
      { numRuns },
    );
  });

  it.each(filters)('computes a window as it stands in the whole (%s)', (filter) => {
    const part = fc.tuple(fc.nat(), fc.nat());
    fc.assert(
      fc.property(image, side, side, part, part, (picture, width, height, [l, t], [w, h]) => {
        const left = l % width;
        const top = t % height;
        const window = {
          left,
          top,
          width: 1 + (w % (width - left)),
          height: 1 + (h % (height - top)),
        };
        const whole = resample(picture, width, height, filter);
        const rows = Array.from({ length: window.height }, (_, y) => {
          const start = ((top + y) * width + left) * 3;
          return [...whole.data.subarray(start, start + window.width * 3)];
        });
        const actual = resampleWindow(picture, width, height, filter, window);
        expect([...actual.data]).toEqual(rows.flat());
      }),
      { numRuns },
    );
  });
});
