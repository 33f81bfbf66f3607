import type { RgbImage } from '../../contracts/image.ts';
import type { ChartReading, TextLine } from '../../contracts/reading.ts';
import { numberIn } from './chart-number.ts';
import { pairBars } from './pair-bars.ts';
import { pairColumns } from './pair-columns.ts';
import { pairLegend } from './pair-legend.ts';
import { numbersApart, type Pair, type PlacedLine, span } from './text-line.ts';

/** How far a number is drawn from the axis: alike for all where the chart doesn't tell by a length. */
type Size = (pair: Pair) => number;

/**
 * Rows of a picture as they are read: where they are of a chart, each name with its number.
 * @param rows from the top, each from the left
 * @returns the rows, and the chart's names and numbers, null where it is none
 */
export function readChart(
  rows: readonly (readonly PlacedLine[])[],
  image: RgbImage,
): { readonly rows: readonly (readonly TextLine[])[]; readonly chart: ChartReading | null } {
  const parted = rows.map((row) => row.flatMap(numbersApart));
  const columns = pairColumns(parted);
  if (columns !== null) {
    const { pairs, axis } = columns;
    const above = without(parted.slice(0, axis), pairs);
    const paired = [...above, ...pairs.map(inOneRow), ...parted.slice(axis + 1)];
    return { rows: paired, chart: chartOf(pairs, ({ number }) => -span(number.box).bottom) };
  }
  const slices = pairLegend(parted, image);
  if (slices !== null) {
    const paired = [...without(parted, slices), ...slices.map(inOneRow)];
    return { rows: paired, chart: chartOf(slices, () => 0) };
  }
  const bars = pairBars(parted);
  const chart = bars && chartOf(bars, ({ number }) => span(number.box).left);
  return { rows, chart };
}

const inOneRow = ({ name, number }: Pair): TextLine[] => [name, number];

/** Rows without the lines of pairs, where they stood. */
function without(rows: readonly (readonly TextLine[])[], pairs: readonly Pair[]): TextLine[][] {
  const used = new Set(pairs.flatMap(({ name, number }) => [name.box, number.box]));
  return rows
    .map((row) => row.filter(({ box }) => !used.has(box)))
    .filter(({ length }) => length > 0);
}

function chartOf(pairs: readonly Pair[], size: Size): ChartReading {
  const values = pairs.map(({ name, number }) => ({
    name: name.text.trim(),
    number: number.text.trim(),
  }));
  return { values, most: outermost(pairs, size, 1), least: outermost(pairs, size, -1) };
}

/**
 * The place of the one that is the most (sign 1) or the least (-1); null where several are. What is drawn is believed before what
 * is read.
 */
function outermost(pairs: readonly Pair[], size: Size, sign: 1 | -1): number | null {
  const numbers = pairs.map(({ number }) => sign * numberIn(number.text));
  const sizes = pairs.map((pair) => sign * size(pair));
  const largest = Math.max(...sizes);
  const slack = span((pairs[0] as Pair).number.box).height / 2;
  const near = pairs.flatMap((_, at) => (largest - (sizes[at] as number) <= slack ? [at] : []));
  if (near.length === 1) return near[0] as number;
  const best = Math.max(...near.map((at) => numbers[at] as number));
  const all = near.filter((at) => numbers[at] === best);
  return all.length === 1 ? (all[0] as number) : null;
}
