/** Charts of lying bars: rows of a name and its number, and beneath or above them an axis of even steps. */
import type { TextLine } from '../../contracts/reading.ts';
import { numberIn } from './chart-number.ts';
import { isNumber, LEAST_PAIRS, middle, type Pair } from './text-line.ts';

/** The pairs of all such rows; null where there is no axis, as on a receipt. */
export function pairBars(rows: readonly (readonly TextLine[])[]): Pair[] | null {
  if (!rows.some(isAxis)) return null;
  const pairs = rows.flatMap((row) => pairOf(row) ?? []);
  return pairs.length < LEAST_PAIRS ? null : pairs;
}

/** At least three numbers in even steps. */
function isAxis(row: readonly TextLine[]): boolean {
  if (!row.every(isNumber)) return false;
  const numbers = row.flatMap(({ text }) => text.trim().split(/\s+/).map(numberIn));
  if (numbers.length < LEAST_PAIRS) return false;
  const step = (numbers[1] as number) - (numbers[0] as number);
  const even = (at: number) =>
    Math.abs((numbers[at] as number) - (numbers[at - 1] as number) - step) <= Math.abs(step) / 100;
  return step !== 0 && numbers.every((_, at) => at === 0 || even(at));
}

/** A row of a name and a number behind it, the tick between them left out. */
function pairOf(row: readonly TextLine[]): Pair | null {
  const [name, number, ...others] = row;
  if (name === undefined || others.length > 0) return null;
  if (number !== undefined) {
    const isPair = !isNumber(name) && isNumber(number) && middle(number).x > middle(name).x;
    return isPair ? { name: { ...name, text: withoutTick(name.text) }, number } : null;
  }
  const [, before, behind] = /^(.*\p{L}.*?)\s*[-–—]\s*([\d.,]+)$/u.exec(name.text.trim()) ?? [];
  if (before === undefined || behind === undefined) return null;
  return { name: { ...name, text: before }, number: { ...name, text: behind } };
}

const withoutTick = (text: string): string => text.trim().replace(/\s*[-–—]$/, '');
