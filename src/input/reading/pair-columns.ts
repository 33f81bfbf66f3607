/**
 * Charts print a number above each name of an axis, at any height: read by rows, nothing tells whose it is. Where every name
 * of a row has one number above it, they are read as pairs, name by name, as a chart of lying bars is.
 */
import type { Box, TextLine } from '../../contracts/reading.ts';
import { isUpright } from './cut-line.ts';

/** Fewer are no axis. */
const LEAST_PAIRS = 3;

/**
 * Rows of which at most one became the pairs of its names with the numbers above.
 * @param rows from the top, each from the left
 */
export function pairColumns(rows: readonly TextLine[][]): TextLine[][] {
  for (let at = rows.length - 1; at > 0; at--) {
    const above = rows.slice(0, at);
    const pairs = pairsOf(rows[at] as TextLine[], above);
    if (pairs === null) continue;
    const used = new Set(pairs.map(([, number]) => number));
    const left = above.map((row) => row.filter((line) => !used.has(line)));
    return [...left.filter((row) => row.length > 0), ...pairs, ...rows.slice(at + 1)];
  }
  return [...rows];
}

type Pair = [name: TextLine, number: TextLine];

/** Null where a name has no number of its own, or a number no name. */
function pairsOf(names: readonly TextLine[], above: readonly TextLine[][]): Pair[] | null {
  const start = Math.min(...names.map(({ box }) => span(box).left));
  const numbersOf = (row: readonly TextLine[]) =>
    row.some(isWords) ? [] : row.filter((one) => isNumber(one) && middle(one) > start);
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

/** The name that a number stands above; none where it is further to the side than it is high. */
function nearest(names: readonly TextLine[], number: TextLine): TextLine | undefined {
  const [name] = [...names].sort((a, b) => apart(a, number) - apart(b, number));
  return name && apart(name, number) <= span(number.box).height ? name : undefined;
}

/** One name with its number, or names that were found as one line with as many numbers. */
function shared(line: TextLine, numbers: readonly TextLine[]): Pair[] | null {
  if (numbers.length === 1) return [[line, numbers[0] as TextLine]];
  const words = line.text.trim().split(/\s+/);
  if (words.length !== numbers.length) return null;
  const fromLeft = [...numbers].sort((a, b) => middle(a) - middle(b));
  return words.map((text, at) => {
    const box = part(line.box, at / words.length, (at + 1) / words.length);
    return [{ ...line, text, box }, fromLeft[at] as TextLine];
  });
}

const isNumber = ({ text }: TextLine): boolean => /\d/.test(text) && !/\p{L}/u.test(text);

/** Titles of axes, which are upright, stand beside any row. */
const isWords = ({ text, box }: TextLine): boolean => /\p{L}/u.test(text) && !isUpright(box);

function span(box: Box) {
  const [xs, ys] = [box.map(({ x }) => x), box.map(({ y }) => y)];
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  return { left, right, height: Math.max(...ys) - Math.min(...ys) };
}

function middle({ box }: TextLine): number {
  const { left, right } = span(box);
  return (left + right) / 2;
}

/** How far the middle of a number is to the side of a name. */
function apart({ box }: TextLine, number: TextLine): number {
  const { left, right } = span(box);
  return Math.max(0, left - middle(number), middle(number) - right);
}

/** What lies between two shares of a box's length. */
function part([a, b, c, d]: Box, from: number, to: number): Box {
  const along = (p: Box[0], q: Box[0], share: number) => ({
    x: p.x + (q.x - p.x) * share,
    y: p.y + (q.y - p.y) * share,
  });
  return [along(a, b, from), along(a, b, to), along(d, c, to), along(d, c, from)];
}
