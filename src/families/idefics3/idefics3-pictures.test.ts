import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { CheckpointError, ImageError, TokenizerError } from '../../contracts/errors.ts';
import { readJson } from '../../input/node/testing/read-goldens.ts';
import { textFixtures, tiny } from '../../input/testing/text-fixtures.ts';
import { idefics3Pictures } from './idefics3-pictures.ts';
import { idefics3ProcessorConfig } from './idefics3-processor-config.ts';

const grid = z.union([z.int(), z.null()]);
const sizeFile = z.array(
  z.object({
    longestEdge: z.int(),
    tileSide: z.int(),
    split: z.boolean(),
    grids: z.array(z.tuple([z.int(), z.int(), grid, grid])), // [width, height, rows, columns]
  }),
);
const goldens = sizeFile.parse(readJson('fixtures/families/smolvlm/sizes.json'));
const smolvlm = textFixtures.find(
  ({ name }) => name === 'smolvlm',
) as (typeof textFixtures)[number];
const { tokenizer, imageTokenId } = smolvlm;

const processor = (fields: object) =>
  idefics3ProcessorConfig({ path: 'preprocessor_config.json', value: fields });
const open = (fields: object) =>
  idefics3Pictures(processor(fields), tokenizer, { imageTokenId, tileTokens: 2 });
const sizes = (longest: number, tile: number, split = true) => ({
  size: { longest_edge: longest },
  max_image_size: { longest_edge: tile },
  do_image_splitting: split,
});

const IMAGES = '<image><image>';
const AROUND = '<fake_token_around_image>';

/** The prompt's text for a picture of so many rows and columns of tiles, as Hugging Face writes it; 0 is one tile. */
function textOf(rows: number, columns: number): string {
  const whole = `${AROUND}<global-img>${IMAGES}${AROUND}`;
  if (rows === 0) return whole;
  let text = '';
  for (let row = 1; row <= rows; row++) {
    for (let column = 1; column <= columns; column++) {
      text += `${AROUND}<row_${row}_col_${column}>${IMAGES}`;
    }
    text += '\n';
  }
  return `${text}\n${whole}`;
}

const decode = (ids: readonly number[]) => tokenizer.decode(ids, { skipSpecialTokens: false });

describe('Idefics3 pictures', () => {
  it.each(goldens)(
    'are cut into the tiles of Hugging Face: $longestEdge pixels by $tileSide, split $split',
    ({ longestEdge, tileSide, split, grids }) => {
      const { layout } = open(sizes(longestEdge, tileSide, split));
      for (const [width, height, rows, columns] of grids) {
        const laid = () => decode(layout({ width, height }).ids);
        if (rows === null || columns === null) expect(laid).toThrow(ImageError);
        else expect(laid(), `${width} x ${height}`).toBe(textOf(rows, columns));
      }
    },
  );

  it('are fed one tile per mark, of the tile size', () => {
    const reader = open(sizes(12, 4));
    const image = { width: 6, height: 3, data: new Uint8Array(6 * 3 * 3) };
    const { ids } = reader.layout(image);
    const runs = ids.filter((id) => id === imageTokenId).length / 2;
    expect(reader.feeds(image).pixels?.shape).toEqual([runs, 3, 4, 4]);
    expect(runs).toBe(3 * 2 + 1);
  });

  it('are one tile where they are not split, whatever their size', () => {
    const reader = open(sizes(12, 4, false));
    const image = { width: 60, height: 3, data: new Uint8Array(60 * 3 * 3) };
    expect(decode(reader.layout(image).ids)).toBe(textOf(0, 0));
    expect(reader.feeds(image).pixels?.shape).toEqual([1, 3, 4, 4]);
  });

  it('need a tokenizer that has their marks', () => {
    const other = { imageTokenId: tiny.imageTokenId, tileTokens: 2 };
    expect(() => idefics3Pictures(processor({}), tiny.tokenizer, other)).toThrow(TokenizerError);
  });
});

describe('idefics3ProcessorConfig', () => {
  it("fills in Idefics3ImageProcessor's defaults", () => {
    expect(processor({})).toEqual({
      resample: 'lanczos',
      rescale: 1 / 255,
      mean: [0.5, 0.5, 0.5],
      std: [0.5, 0.5, 0.5],
      longestEdge: 1456,
      tileSide: 364,
      split: true,
    });
  });

  it.each([
    { image_processor_type: 'Idefics2ImageProcessor' },
    { do_resize: false },
    { size: { height: 4, width: 4 } },
    { max_image_size: { longest_edge: 0 } },
    { max_image_size: { longest_edge: 4, shortest_edge: 2 } },
    { resample: 2 },
  ])('refuses %j', (fields) => {
    expect(() => processor(fields)).toThrow(CheckpointError);
    expect(() => processor(fields)).toThrow(Object.keys(fields)[0]);
  });
});
