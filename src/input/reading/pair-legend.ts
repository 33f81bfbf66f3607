/**
 * Charts whose names stand beside patches of colour, and numbers at what has that colour, as a pie's: a name's number is
 * the one at its colour. Where a colour stands for several names, numbers are told to them by going round.
 */
import type { RgbImage } from '../../contracts/image.ts';
import type { Point, TextLine } from '../../contracts/reading.ts';
import { isNumber, isWords, LEAST_PAIRS, middle, type Pair, span } from './text-line.ts';

/** Red, green and blue. */
type Colour = readonly [number, number, number];

/** A name of the legend, and its patch. */
interface Entry {
  readonly name: TextLine;
  readonly colour: Colour;
  readonly patch: Point;
}

/** Colours that differ by more, channels added up, are others. */
const ALIKE = 40;
/** A colour stands out from the ground by more than this. */
const STANDS_OUT = 60;

/** The pairs of a legend's names with the numbers; null where there is none, or another number of numbers. */
export function pairLegend(rows: readonly (readonly TextLine[])[], image: RgbImage): Pair[] | null {
  const lines = rows.flat();
  const ground = colourAt(image, { x: 0, y: 0 }, 0) ?? [255, 255, 255];
  const entries = aligned(
    lines.filter(isWords).flatMap((line) => entryOf(line, image, ground) ?? []),
  );
  const numbers = lines.filter(isNumber);
  if (entries.length < LEAST_PAIRS || numbers.length !== entries.length) return null;
  const centre = centreOf(image, entries);
  if (centre === null) return null;
  const round = [...numbers].sort((a, b) => angle(a, centre) - angle(b, centre));
  const colours = round.map((number) => towards(image, middle(number), centre, entries));
  const order = orderOf(entries, colours);
  return order && entries.map(({ name }, at) => ({ name, number: round[order(at)] as TextLine }));
}

/** Names below each other, with their patches below each other. */
function aligned(entries: readonly Entry[]): Entry[] {
  const beneath = (one: Entry) =>
    entries.filter(
      ({ patch, name }) => Math.abs(patch.x - one.patch.x) < span(name.box).height / 2,
    );
  return entries.map(beneath).reduce((most, some) => (some.length > most.length ? some : most), []);
}

/** A name with a patch of one colour on its left, which may have been found as its first character. */
function entryOf(line: TextLine, image: RgbImage, ground: Colour): Entry | null {
  const { left, height } = span(line.box);
  const { y } = middle(line);
  const reach = Math.max(1, Math.floor(height / 12));
  for (let x = left + 0.8 * height; x > left - 2 * height; x -= 1) {
    const colour = colourAt(image, { x, y }, reach);
    if (colour === null || differ(colour, ground) <= STANDS_OUT) continue;
    const text = line.text.trim().replace(/^[^\p{L}\p{N}]+/u, '');
    return { name: { ...line, text }, colour, patch: { x, y } };
  }
  return null;
}

/** The middle of all that has a colour of the legend, patches left out. */
function centreOf(image: RgbImage, entries: readonly Entry[]): Point | null {
  const isPatch = (x: number, y: number) =>
    entries.some(({ patch, name }) => {
      const { height } = span(name.box);
      return Math.abs(patch.x - x) < height && Math.abs(patch.y - y) < height;
    });
  let [left, right, top, bottom] = [image.width, -1, image.height, -1];
  for (let y = 1; y < image.height - 1; y += 2) {
    for (let x = 1; x < image.width - 1; x += 2) {
      const colour = colourAt(image, { x, y }, 1);
      if (colour === null || nameOf(colour, entries) === null || isPatch(x, y)) continue;
      [left, right] = [Math.min(left, x), Math.max(right, x)];
      [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
    }
  }
  return right < left ? null : { x: (left + right) / 2, y: (top + bottom) / 2 };
}

/** The legend's colour that is met first on the way; null where none is. */
function towards(
  image: RgbImage,
  from: Point,
  to: Point,
  entries: readonly Entry[],
): Colour | null {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  for (let at = 0; at < length; at++) {
    const [x, y] = [
      from.x + ((to.x - from.x) * at) / length,
      from.y + ((to.y - from.y) * at) / length,
    ];
    const colour = colourAt(image, { x, y }, 1);
    const met = colour && nameOf(colour, entries);
    if (met) return met.colour;
  }
  return null;
}

/** Which number, of those going round, is each name's: by colours alone, else by the one way round that fits them. */
function orderOf(
  entries: readonly Entry[],
  colours: readonly (Colour | null)[],
): ((entry: number) => number) | null {
  const count = entries.length;
  const own = entries.map(({ colour }) => places(colours, colour));
  if (own.every(({ length }) => length === 1)) return (entry) => own[entry]?.[0] as number;
  const ways = [1, -1].flatMap((step) =>
    entries.map((_, first) => (entry: number) => (first + step * entry + count) % count),
  );
  const fits = ways.filter((way) =>
    entries.every(({ colour }, at) => places(colours, colour).includes(way(at))),
  );
  return fits.length === 1 ? (fits[0] as (entry: number) => number) : null;
}

const places = (colours: readonly (Colour | null)[], colour: Colour): number[] =>
  colours.flatMap((one, at) => (one !== null && differ(one, colour) <= ALIKE ? [at] : []));

/** From the top, clockwise. */
const angle = (line: TextLine, { x, y }: Point): number => {
  const at = middle(line);
  return Math.atan2(x - at.x, at.y - y);
};

function nameOf(colour: Colour, entries: readonly Entry[]): Entry | null {
  return entries.find((entry) => differ(colour, entry.colour) <= ALIKE) ?? null;
}

/** The colour of a square around a place; null where it has several, or lies beyond the picture. */
function colourAt({ data, width, height }: RgbImage, at: Point, reach: number): Colour | null {
  const [x, y] = [Math.round(at.x), Math.round(at.y)];
  if (x < reach || y < reach || x + reach >= width || y + reach >= height) return null;
  const pixel = (px: number, py: number): Colour => {
    const from = (py * width + px) * 3;
    return [data[from] as number, data[from + 1] as number, data[from + 2] as number];
  };
  const own = pixel(x, y);
  for (let py = y - reach; py <= y + reach; py++) {
    for (let px = x - reach; px <= x + reach; px++) {
      if (differ(own, pixel(px, py)) > ALIKE) return null;
    }
  }
  return own;
}

const differ = (a: Colour, b: Colour): number =>
  Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]) + Math.abs(a[2] - b[2]);
