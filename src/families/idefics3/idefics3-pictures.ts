/**
 * Pictures for Idefics3 and SmolVLM, equal to Hugging Face's slow Idefics3ImageProcessor: enlarged or reduced to a
 * longest side, stretched to whole tiles, cut, and followed by the whole picture as one tile. In the prompt each tile has
 * a run of image tokens behind a mark that says its row and column.
 */
import { ImageError, TokenizerError } from '../../contracts/errors.ts';
import type { PictureReader, RgbImage } from '../../contracts/image.ts';
import { resample } from '../../input/resample.ts';
import { cutTiles, tilePixels } from '../../input/tiles.ts';
import type { Tokenizer } from '../../input/tokenizer.ts';
import type { Idefics3ProcessorConfig } from './idefics3-processor-config.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** No picture's side is resized to more. */
const MOST_PIXELS = 4096;

const AROUND = '<fake_token_around_image>';
const WHOLE = '<global-img>';

/**
 * @param tileTokens image tokens of one tile
 * @throws TokenizerError where the tokenizer has no marks for pictures
 */
export function idefics3Pictures(
  processor: Idefics3ProcessorConfig,
  tokenizer: Pick<Tokenizer, 'encode' | 'tokenId' | 'tokenText'>,
  { imageTokenId, tileTokens }: { readonly imageTokenId: number; readonly tileTokens: number },
): PictureReader {
  if (tokenizer.tokenId(AROUND) === undefined) {
    throw new TokenizerError(
      `The tokenizer has no token ${AROUND}, which this model's pictures stand between; use the model's own files.`,
    );
  }
  const run = (tokenizer.tokenText(imageTokenId) as string).repeat(tileTokens);
  return {
    layout(size) {
      const ids = tokenizer.encode(pictureText(tileGrid(size, processor), run), {
        addSpecialTokens: false,
      });
      return { ids: [...ids] };
    },
    feeds: (image) => ({
      pixels: tilePixels(tilesOf(image, processor), processor.tileSide, processor),
    }),
  };
}

/** What a picture's placeholder is written out to: rows of tiles, an empty line, the whole picture. */
function pictureText({ width: columns, height: rows }: Size, run: string): string {
  const whole = `${AROUND}${WHOLE}${run}${AROUND}`;
  if (rows * columns === 1) return whole;
  const tile = (row: number, column: number) => `${AROUND}<row_${row + 1}_col_${column + 1}>${run}`;
  const lines = Array.from(
    { length: rows },
    (_, row) => `${Array.from({ length: columns }, (_, column) => tile(row, column)).join('')}\n`,
  );
  return `${lines.join('')}\n${whole}`;
}

/** Tiles row by row, then the whole picture; of one tile, the picture alone. */
function tilesOf(image: RgbImage, processor: Idefics3ProcessorConfig): RgbImage[] {
  const { tileSide: side, resample: filter } = processor;
  const long = longSize(image, processor.longestEdge);
  const grid = tileGrid(image, processor);
  const first = resample(image, long.width, long.height, filter);
  const whole = resample(first, grid.width * side, grid.height * side, filter);
  if (grid.width * grid.height === 1) return [whole];
  return [...cutTiles(whole, side), resample(whole, side, side, filter)];
}

/** Columns and rows of tiles that a picture is stretched to: one of each where pictures are not split. */
function tileGrid(picture: Size, { longestEdge, tileSide, split }: Idefics3ProcessorConfig): Size {
  if (!split) return { width: 1, height: 1 };
  const { width, height } = longSize(picture, longestEdge);
  const aspect = width / height;
  const tiles = (pixels: number) => Math.ceil(pixels / tileSide);
  const long = tiles(Math.max(width, height));
  const pixels = long * tileSide;
  const short = tiles(Math.trunc(width >= height ? pixels / aspect : pixels * aspect));
  if (short > 0)
    return width >= height ? { width: long, height: short } : { width: short, height: long };
  throw new ImageError(
    `of ${picture.width} x ${picture.height}`,
    'it is too long and thin for this model; crop it.',
  );
}

/** The longer side as told, the shorter one by the aspect, rounded up to an even number and at least 1. */
function longSize({ width, height }: Size, longestEdge: number): Size {
  const even = (side: number) => side + (side % 2);
  const aspect = width / height;
  const first =
    width >= height
      ? { width: longestEdge, height: Math.max(even(Math.trunc(longestEdge / aspect)), 1) }
      : { width: Math.max(even(Math.trunc(longestEdge * aspect)), 1), height: longestEdge };
  return within(first, MOST_PIXELS);
}

function within({ width, height }: Size, most: number): Size {
  const aspect = width / height;
  if (width >= height && width > most) {
    return { width: most, height: Math.max(Math.trunc(most / aspect), 1) };
  }
  if (height > width && height > most) {
    return { width: Math.max(Math.trunc(most * aspect), 1), height: most };
  }
  return { width, height };
}
