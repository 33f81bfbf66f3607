import type { Box, Point, TextLine } from '../../contracts/reading.ts';
import { isUpright } from './cut-line.ts';

/** A line and where its characters (UTF-16 units) are: shares of its length, from its beginning. */
export interface PlacedLine extends TextLine {
  readonly places: readonly number[];
}

/** A name of a chart with its number. */
export interface Pair {
  readonly name: TextLine;
  readonly number: TextLine;
}

/** Fewer are no chart. */
export const LEAST_PAIRS = 3;

export const isNumber = ({ text }: TextLine): boolean => /\d/.test(text) && !/\p{L}/u.test(text);

/** Titles of axes, which are upright, stand beside any row. */
export const isWords = ({ text, box }: TextLine): boolean => /\p{L}/u.test(text) && !isUpright(box);

export function span(box: Box) {
  const [xs, ys] = [box.map(({ x }) => x), box.map(({ y }) => y)];
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  return { left, right, top, bottom, height: bottom - top };
}

/** The middle of a line. */
export function middle({ box }: TextLine): { x: number; y: number } {
  const { left, right, top, bottom } = span(box);
  return { x: (left + right) / 2, y: (top + bottom) / 2 };
}

/** Some characters of a line, from one on to before another, and where they are. */
export function partOf(line: PlacedLine, from: number, to = line.text.length): PlacedLine {
  const { text, places, box } = line;
  const edge = (at: number) => {
    if (at <= 0) return 0;
    return at >= text.length ? 1 : ((places[at - 1] as number) + (places[at] as number)) / 2;
  };
  const [start, end] = [edge(from), edge(to)];
  const [a, b, c, d] = box;
  const along = (p: Point, q: Point, share: number) => ({
    x: p.x + (q.x - p.x) * share,
    y: p.y + (q.y - p.y) * share,
  });
  const inside = places.slice(from, to).map((place) => (place - start) / (end - start));
  return {
    text: text.slice(from, to).trim(),
    confidence: line.confidence,
    box: [along(a, b, start), along(a, b, end), along(d, c, end), along(d, c, start)],
    places: inside,
  };
}

/** Numbers that were found as one line, apart. */
export function numbersApart(line: PlacedLine): PlacedLine[] {
  if (!isNumber(line)) return [line];
  return [...line.text.matchAll(/\S+/g)].map(({ 0: word, index }) =>
    word.length === line.text.length ? line : partOf(line, index, index + word.length),
  );
}
