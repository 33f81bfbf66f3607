/**
 * Charts of tables that nothing for training may be drawn from: works of the United States' government (electricity of Iowa,
 * weather of Seattle and New York, population of states), as the npm package vega-datasets has them.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { createDraws } from '../draws.ts';
import { groupThousands } from '../group-thousands.ts';
import type { Chart, ChartRow } from './chart.ts';

export const TABLES = 'vega-datasets@3.2.1';

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** @param folder of the package */
export async function heldOutCharts(folder: string): Promise<Chart[]> {
  const table = async <T>(name: string, row: z.ZodType<T>) =>
    rowsOf(await readFile(join(folder, 'data', name), 'utf8')).map((one) => row.parse(one));
  return [
    ...electricityCharts(await table('iowa-electricity.csv', electricity)),
    ...weatherCharts(await table('weather.csv', weather)),
    ...stateCharts(await table('population_engineers_hurricanes.csv', states)),
  ];
}

/** Of a table without quotes. */
function rowsOf(csv: string): Record<string, string>[] {
  const [head = [], ...rows] = csv
    .trim()
    .split('\n')
    .map((line) => line.trim().split(','));
  return rows.map((cells) => Object.fromEntries(head.map((name, at) => [name, cells[at] ?? ''])));
}

const electricity = z.object({
  year: z.string().transform((day) => day.slice(0, 4)),
  source: z.string(),
  net_generation: z.coerce.number(),
});

function electricityCharts(rows: readonly z.infer<typeof electricity>[]): Chart[] {
  const measure = 'Electricity (thousand MWh)';
  const years = [...new Set(rows.map(({ year }) => year))];
  const ofYear = years.filter((_, at) => at % 2 === 0);
  const sources = [...new Set(rows.map(({ source }) => source))];
  return [
    ...ofYear.map((year, at): Chart => {
      const own = rows.filter((row) => row.year === year);
      return {
        ...{ name: `electricity ${year}`, title: `Electricity in Iowa in ${year}`, measure },
        shape: at % 2 === 0 ? 'pie' : 'bars',
        rows: own.map((row) => ({ name: row.source, value: grouped(row.net_generation) })),
        most: 'Which source of electricity is the largest?',
        least: 'Which source of electricity is the smallest?',
        value: 'How much electricity comes from {}?',
      };
    }),
    ...sources.flatMap((source) =>
      [years.slice(0, 8), years.slice(8, 16)].map((span): Chart => {
        const own = rows.filter((row) => row.source === source && span.includes(row.year));
        return {
          ...{ name: `${source} from ${span[0]}`, title: `${source} in Iowa`, measure },
          shape: 'line',
          rows: own.map((row) => ({ name: row.year, value: grouped(row.net_generation) })),
          most: 'In which year was it the highest?',
          least: 'In which year was it the lowest?',
          value: 'How much was it in {}?',
        };
      }),
    ),
  ];
}

const weather = z.object({
  location: z.string(),
  date: z.string(),
  precipitation: z.coerce.number(),
  temp_max: z.coerce.number(),
  weather: z.string(),
});

function weatherCharts(rows: readonly z.infer<typeof weather>[]): Chart[] {
  const places = [...new Set(rows.map(({ location, date }) => `${location} ${date.slice(0, 4)}`))];
  return places.flatMap((place, at): Chart[] => {
    const own = rows.filter((row) => `${row.location} ${row.date.slice(0, 4)}` === place);
    const monthly = (measured: (days: typeof own) => number, digits: number): ChartRow[] =>
      MONTHS.flatMap((name, month) => {
        const days = own.filter(({ date }) => Number(date.slice(5, 7)) === month + 1);
        return days.length === 0 ? [] : [{ name, value: measured(days).toFixed(digits) }];
      });
    const sum = (values: readonly number[]) => values.reduce((total, one) => total + one, 0);
    const kinds = [...new Set(own.map((row) => row.weather))];
    return [
      {
        ...{ name: `warmth ${place}`, title: `Daily high in ${place}` },
        ...{ measure: 'Degrees Celsius, mean', shape: at % 2 === 0 ? 'line' : 'columns' },
        rows: monthly((days) => sum(days.map((day) => day.temp_max)) / days.length, 1),
        most: 'Which month is the warmest?',
        least: 'Which month is the coldest?',
        value: 'How many degrees is it in {}?',
      },
      {
        ...{ name: `rain ${place}`, title: `Rain in ${place}` },
        ...{ measure: 'Millimetres', shape: at % 2 === 0 ? 'columns' : 'bars' },
        rows: monthly((days) => sum(days.map((day) => day.precipitation)), 0),
        most: 'Which month has the most rain?',
        least: 'Which month has the least rain?',
        value: 'How many millimetres of rain are there in {}?',
      },
      {
        ...{ name: `days ${place}`, title: `Days in ${place} by weather` },
        ...{ measure: 'Days', shape: 'pie' },
        rows: kinds.map((name) => {
          return { name, value: String(own.filter((row) => row.weather === name).length) };
        }),
        most: 'Which weather is the most common?',
        least: 'Which weather is the rarest?',
        value: 'How many days have {}?',
      },
    ];
  });
}

const states = z.object({ state: z.string(), population: z.coerce.number() });

/** Six states each, drawn. */
function stateCharts(rows: readonly z.infer<typeof states>[]): Chart[] {
  return Array.from({ length: 8 }, (_, at): Chart => {
    const draws = createDraws(at);
    const left = rows.filter(({ population }) => population > 0);
    const own = Array.from(
      { length: 6 },
      () => left.splice(draws.whole(0, left.length - 1), 1)[0] as (typeof left)[number],
    );
    return {
      ...{ name: `population ${at + 1}`, title: 'Population of states, 2016' },
      ...{ measure: 'Millions of people', shape: at % 2 === 0 ? 'bars' : 'columns' },
      rows: own.map(({ state, population }) => {
        return { name: state, value: (population / 1e6).toFixed(1) };
      }),
      most: 'Which state has the most people?',
      least: 'Which state has the fewest people?',
      value: 'How many million people live in {}?',
    };
  });
}

const grouped = (value: number): string => groupThousands(String(value));
