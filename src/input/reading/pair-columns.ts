/**
 * Charts print a number above each name of an axis, at any height: read by rows, nothing tells whose it is. Where every name
 * of a row has one number above it, they are pairs.
 */
import type { TextLine } from '../../contracts/reading.ts';
import {
  isNumber,
  isWords,
  LEAST_PAIRS,
  middle,
  type Pair,
  type PlacedLine,
  partOf,
  span,
} from './text-line.ts';

/** The pairs of the lowest row that is an axis, and which row that is; null where none is. */
export function pairColumns(
  rows: readonly (readonly PlacedLine[])[],
): { pairs: Pair[]; axis: number } | null {
  for (let axis = rows.length - 1; axis > 0; axis--) {
    const pairs = pairsOf(rows[axis] as PlacedLine[], rows.slice(0, axis));
    if (pairs !== null) return { pairs, axis };
  }
  return null;
}

/** Null where a name has no number of its own, or a number no name. */
function pairsOf(
  names: readonly PlacedLine[],
  above: readonly (readonly TextLine[])[],
): Pair[] | null {
  const start = Math.min(...names.map(({ box }) => span(box).left));
  const marked = above.flat();
  const numbersOf = (row: readonly TextLine[]) => {
    const lines = row.filter((line) => !isMark(line, marked));
    return lines.some(isWords) ? [] : lines.filter((one) => isNumber(one) && middle(one).x > start);
  };
  const rows = above.map(numbersOf).filter((row) => row.length > 0);
  // Rows of numbers beneath each other are a table.
  if (rows.length === 1 && names.every(isNumber)) return null;
  const numbers = rows.flat();
  if (numbers.length < LEAST_PAIRS) return null;
  const nameOf = numbers.map((number) => nearest(names, number));
  if (nameOf.includes(undefined)) return null;
  const pairs: Pair[] = [];
  for (const name of names) {
    const own = numbers.filter((_, at) => nameOf[at] === name);
    const paired = shared(name, own);
    if (paired === null) return null;
    pairs.push(...paired);
  }
  return pairs;
}

/** The point of a line is read as a round character right beneath its number. */
function isMark(line: TextLine, all: readonly TextLine[]): boolean {
  if (line.text.trim().length !== 1) return false;
  const { x } = middle(line);
  const { top } = span(line.box);
  return all.some((number) => {
    if (number === line || !isNumber(number)) return false;
    const { height, bottom } = span(number.box);
    const under = top - bottom;
    return Math.abs(middle(number).x - x) < height / 2 && under > -height / 2 && under < height;
  });
}

/** The name that a number stands above; none where it is further to the side than it is high. */
function nearest<T extends TextLine>(names: readonly T[], number: TextLine): T | undefined {
  const [name] = [...names].sort((a, b) => apart(a, number) - apart(b, number));
  return name && apart(name, number) <= span(number.box).height ? name : undefined;
}

/** One name with its number, or names that were found as one line, cut between their numbers. */
function shared(line: PlacedLine, numbers: readonly TextLine[]): Pair[] | null {
  const fromLeft = [...numbers].sort((a, b) => middle(a).x - middle(b).x);
  const [first, ...others] = fromLeft;
  if (first === undefined) return null;
  if (others.length === 0) return [{ name: line, number: first }];
  const cuts = others.map((number, at) =>
    cutNear(line, (middle(fromLeft[at] as TextLine).x + middle(number).x) / 2),
  );
  const names = fromLeft.map((_, at) => partOf(line, cuts[at - 1] ?? 0, cuts[at]));
  // Years have no gap between them, but are of a length.
  const alike = new Set(names.map(({ text }) => text.length)).size === 1;
  const apart = cuts.every((cut) => isGap(line.text, cut)) || alike;
  if (!apart || names.some(({ text }) => text === '')) return null;
  return names.map((name, at) => ({ name, number: fromLeft[at] as TextLine }));
}

/** Characters that a gap may be away from the middle between two numbers, since names are not of a length. */
const AWAY = 3;

/** The character that a line is cut before, so that what is left of `x` is parted from the rest: at a gap where one is near. */
function cutNear({ text, box, places }: PlacedLine, x: number): number {
  const { left, right } = span(box);
  const share = (x - left) / (right - left);
  const middle = places.filter((place) => place < share).length;
  for (let away = 0; away <= AWAY; away++) {
    for (const cut of [middle - away, middle + away]) if (isGap(text, cut)) return cut;
  }
  return middle;
}

/** Whether a word begins at a character, with a space before it or a capital after a small letter. */
const isGap = (text: string, at: number): boolean =>
  at > 0 && /^(\s\S|\p{Ll}\p{Lu})$/u.test(text.slice(at - 1, at + 1));

/** How far the middle of a number is to the side of a name. */
function apart({ box }: TextLine, number: TextLine): number {
  const { left, right } = span(box);
  const { x } = middle(number);
  return Math.max(0, left - x, x - right);
}
