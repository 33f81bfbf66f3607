import { type Chart, numberOf } from '../../src/evaluate/pictures/charts/chart.ts';
import { chartLook, drawChart } from '../../src/evaluate/pictures/charts/draw-chart.ts';
import { createDraws, type Draws } from '../../src/evaluate/pictures/draws.ts';
import { SEEN_FONTS } from '../../src/evaluate/pictures/fonts.ts';
import type { VegaDraw } from '../../src/evaluate/vega-draw.ts';
import { inAnyOrder } from './in-any-order.ts';
import { madeUpTable } from './made-up-tables.ts';
import { type ReadAll, readDialogues, type Turn } from './read-dialogues.ts';
import { CAN_NOT_TELL } from './taught-phrasings.ts';
import type { Question } from './write-questions.ts';

/** What no chart tells. */
const UNTOLD = [
  'Who drew the chart?',
  'What will it be next year?',
  'Why is it so?',
  'Who counted it?',
  'How many people were asked?',
];

/**
 * Dialogues about charts of tables that were made up, with what the reader finds in them and true answers: which is the most
 * and which the least, with their numbers; the number of a name; and what no chart tells.
 */
export async function chartDialogues(
  count: number,
  draw: VegaDraw,
  readAll: ReadAll,
): Promise<Question[]> {
  const pictures = [];
  for (let seed = 0; seed < count; seed++) {
    const draws = createDraws(seed);
    const chart = madeUpTable(draws);
    const look = chartLook(draws, SEEN_FONTS.plain);
    const file = await drawChart(chart, look, { printed: true, draw });
    const turns = (words: string) => chartTurns(chart, draws, words);
    pictures.push({ name: `chart-${seed}`, file, turns });
  }
  return readDialogues(pictures, readAll);
}

/** Questions and answers; none where the reader missed a name or a number, or where nothing says which are a pair. */
export function chartTurns(chart: Chart, draws: Draws, words: string): Turn[] {
  const lines = words.split('\n');
  const isPair = ({ name, value }: Chart['rows'][number]) =>
    lines.some((line) => line.startsWith(name) && line.endsWith(` ${value}`));
  if (!chart.rows.every(isPair)) return [];
  const inOrder = [...chart.rows].sort((a, b) => numberOf(a) - numberOf(b));
  const [least, most] = [inOrder[0], inOrder.at(-1)];
  if (least === undefined || most === undefined) return [];
  const about = draws.one(chart.rows);
  const turns: Turn[] = [
    [chart.most, `It is ${most.name}, with ${most.value}.`],
    [chart.least, `It is ${least.name}, with ${least.value}.`],
    [chart.value.replace('{}', about.name), `It is ${about.value}.`],
    [draws.one(UNTOLD), CAN_NOT_TELL],
  ];
  const asked = draws.chance(0.4) ? turns : turns.slice(0, 3);
  return inAnyOrder(asked, () => draws.between(0, 1));
}
