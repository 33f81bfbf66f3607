import { expect, it } from 'vitest';
import type { Chart } from '../pictures/charts/chart.ts';
import { createDraws } from '../pictures/draws.ts';
import { chartQuestions } from './chart-suites.ts';

const chart = (values: readonly string[], shape: Chart['shape'] = 'columns'): Chart => ({
  ...{ name: 'rain', title: 'Rain', measure: 'mm', shape },
  rows: values.map((value, at) => ({ name: ['Jan', 'Feb', 'Mar'][at] ?? '', value })),
  ...{ most: 'Which is most?', least: 'Which is least?', value: 'How much in {}?' },
});
const asked = (one: Chart, printed: boolean) => chartQuestions(one, createDraws(1), printed);

it('asks for the most, the least and a value as it is printed', () => {
  const items = asked(chart(['1,200', '7', '90']), true);
  expect(items.slice(0, 2).map(({ answers }) => answers)).toEqual([
    { values: ['Jan', 'January'] },
    { values: ['Feb', 'February'] },
  ]);
  expect(items[2]?.question).toMatch(/^How much in (Jan|Feb|Mar)\?$/);
  expect(items[2]?.answers).toEqual({ values: [expect.stringMatching(/^(1,200|7|90)$/)] });
});

it('takes a tenth of the largest more or less where nothing is printed', () => {
  expect(asked(chart(['1,200', '7', '90']), false).at(-1)?.answers).toMatchObject({ within: 120 });
});

it('asks for no most where two are', () => {
  expect(asked(chart(['5', '5', '1']), true).map(({ name }) => name)).not.toContain('rain: most');
});

it('asks for no value of a pie without numbers', () => {
  const pie = chart(['1', '2', '3'], 'pie');
  expect([asked(pie, true).length, asked(pie, false).length]).toEqual([3, 2]);
});
