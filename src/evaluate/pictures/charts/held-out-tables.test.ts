import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Chart } from './chart.ts';
import { heldOutCharts } from './held-out-tables.ts';

const STATES = ['Ohio', 'Iowa', 'Utah', 'Maine', 'Texas', 'Idaho', 'Nevada'];
const TABLES = {
  'iowa-electricity.csv': [
    'year,source,net_generation',
    '2001-01-01,Coal,35361',
    '2001-01-01,Wind,9',
  ],
  'weather.csv': [
    'location,date,precipitation,temp_max,temp_min,wind,weather',
    ...['Rome,2012-01-01,1.5,10.0,5.0,4.7,rain', 'Rome,2012-01-02,2.0,13.0,5.0,4.7,sun'],
    'Rome,2012-02-01,0.0,20.0,5.0,4.7,sun',
  ],
  'population_engineers_hurricanes.csv': [
    'state,id,population,engineers,hurricanes',
    ...STATES.map((state, at) => `${state},${at},${(at + 1) * 1_250_000},0.003,22`),
  ],
};

let folder = '';
let charts: Chart[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'msd-tables-'));
  mkdirSync(join(folder, 'data'));
  for (const [name, lines] of Object.entries(TABLES)) {
    writeFileSync(join(folder, 'data', name), `${lines.join('\n')}\n`);
  }
  charts = await heldOutCharts(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

const rows = (name: string) => charts.find((chart) => chart.name === name)?.rows;

it('groups thousands of what it prints', () => {
  expect(rows('electricity 2001')).toEqual([
    { name: 'Coal', value: '35,361' },
    { name: 'Wind', value: '9' },
  ]);
});

it('takes means and sums of months, and counts days', () => {
  expect(rows('warmth Rome 2012')).toEqual([
    { name: 'Jan', value: '11.5' },
    { name: 'Feb', value: '20.0' },
  ]);
  expect(rows('rain Rome 2012')?.[0]).toEqual({ name: 'Jan', value: '4' });
  expect(rows('days Rome 2012')).toEqual([
    { name: 'rain', value: '1' },
    { name: 'sun', value: '2' },
  ]);
});

it('draws six states a chart, none twice', () => {
  const names = rows('population 1')?.map(({ name }) => name);
  expect(new Set(names).size).toBe(6);
});
