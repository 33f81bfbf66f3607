import { describe, expect, it } from 'vitest';
import { numberOf } from '../../src/evaluate/pictures/charts/chart.ts';
import { createDraws } from '../../src/evaluate/pictures/draws.ts';
import { chartTurns } from './chart-dialogues.ts';
import { madeUpTable } from './made-up-tables.ts';
import { CAN_NOT_TELL } from './taught-phrasings.ts';

const tables = Array.from({ length: 100 }, (_, seed) => {
  const draws = createDraws(seed);
  return { chart: madeUpTable(draws), draws };
});
const wordsOf = ({ rows, title }: (typeof tables)[number]['chart']) =>
  [title, ...rows.map(({ name, value }) => `${name}- ${value}`), '0 10 20'].join('\n');

describe('madeUpTable', () => {
  it('has three to nine names and as many numbers', () => {
    for (const { chart } of tables) {
      const { rows } = chart;
      expect(rows.length).toBeGreaterThanOrEqual(3);
      expect(rows.length).toBeLessThanOrEqual(9);
      expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
      expect(new Set(rows.map(numberOf)).size).toBe(rows.length);
    }
  });
});

describe('dialogues about charts', () => {
  it('answer with the row that is asked for', () => {
    for (const { chart, draws } of tables) {
      const turns = chartTurns(chart, draws, wordsOf(chart));
      const numbers = chart.rows.map(numberOf);
      const row = (value: number) => chart.rows[numbers.indexOf(value)];
      const [most, least] = [row(Math.max(...numbers)), row(Math.min(...numbers))];
      const said = new Map(turns);
      expect(said.get(chart.most)).toBe(`It is ${most?.name}, with ${most?.value}.`);
      expect(said.get(chart.least)).toBe(`It is ${least?.name}, with ${least?.value}.`);
      const asked = chart.rows.find(({ name }) => said.has(chart.value.replace('{}', name)));
      expect(said.get(chart.value.replace('{}', asked?.name ?? ''))).toBe(`It is ${asked?.value}.`);
    }
  });

  it('say now and then what no chart tells', () => {
    const all = tables.map(({ chart, draws }) => chartTurns(chart, draws, wordsOf(chart)));
    const untold = all.filter((turns) => turns.some(([, answer]) => answer === CAN_NOT_TELL));
    expect(untold.length).toBeGreaterThan(20);
    expect(untold.length).toBeLessThan(60);
  });

  it('ask for nothing that the words do not tell', () => {
    const [{ chart, draws }] = tables as [(typeof tables)[number]];
    const values = chart.rows.map(({ value }) => value).join('\n');
    expect(chartTurns(chart, draws, `${chart.title}\n${values}`)).toEqual([]);
  });
});
