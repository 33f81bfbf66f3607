/** Questions about charts of real tables, with their values printed and without. */
import { type Chart, numberOf } from '../pictures/charts/chart.ts';
import { chartLook, drawChart } from '../pictures/charts/draw-chart.ts';
import { heldOutCharts, TABLES } from '../pictures/charts/held-out-tables.ts';
import { createDraws, type Draws } from '../pictures/draws.ts';
import { fetchPackage } from '../pictures/fetch-packages.ts';
import { openFonts, SEEN_FONTS } from '../pictures/fonts.ts';
import { openVega } from '../vega-draw.ts';
import type { Suite, SuiteItem } from './suite.ts';

const TITLES = {
  charts: 'Charts of real tables, values printed',
  'charts-without-values': 'Charts of real tables, values to be read off the axis',
} as const;

export async function chartSuite(
  name: keyof typeof TITLES,
  place: string,
  say: (line: string) => void,
): Promise<Suite> {
  const draw = await openVega();
  if (draw === null) {
    const missing = ['all charts, which need two packages more: npm install vega vega-lite'];
    return { name, title: TITLES[name], items: [], missing, isRead: true };
  }
  await openFonts(place, say);
  const printed = name === 'charts';
  const charts = await heldOutCharts(await fetchPackage(place, TABLES, say));
  const items: SuiteItem[] = [];
  for (const [seed, chart] of charts.entries()) {
    const draws = createDraws(seed);
    const picture = await drawChart(chart, chartLook(draws, SEEN_FONTS.plain), { printed, draw });
    items.push(...chartQuestions(chart, draws, printed).map((item) => ({ ...item, picture })));
  }
  return { name, title: TITLES[name], items, missing: [], isRead: true };
}

/** A value that isn't printed may be off by this share of the largest. */
const OFF = 0.1;

/** Which is the most, which is the least, where there is one alone; and a value, which a pie without numbers doesn't tell. */
export function chartQuestions(chart: Chart, draws: Draws, printed: boolean): SuiteItem[] {
  const { rows, shape: group } = chart;
  const numbers = rows.map(numberOf);
  const items: SuiteItem[] = [];
  for (const [what, value] of [
    ['most', Math.max(...numbers)],
    ['least', Math.min(...numbers)],
  ] as const) {
    const [row, ...others] = rows.filter((_, at) => numbers[at] === value);
    if (row === undefined || others.length > 0) continue;
    const answers = { values: namesOf(row.name) };
    items.push({ name: `${chart.name}: ${what}`, group, question: chart[what], answers });
  }
  const row = draws.one(rows);
  if (printed || group !== 'pie') {
    items.push({
      ...{ name: `${chart.name}: ${row.name}`, group },
      question: chart.value.replace('{}', row.name),
      answers: printed
        ? { values: [row.value] }
        : { near: numberOf(row), within: OFF * Math.max(...numbers) },
    });
  }
  return items;
}

const LONG_MONTHS: Readonly<Record<string, string>> = {
  ...{ Jan: 'January', Feb: 'February', Mar: 'March', Apr: 'April', Jun: 'June', Jul: 'July' },
  ...{ Aug: 'August', Sep: 'September', Oct: 'October', Nov: 'November', Dec: 'December' },
};

/** As the axis has it, and in full. */
const namesOf = (name: string): string[] => [
  name,
  ...(LONG_MONTHS[name] ? [LONG_MONTHS[name]] : []),
];
