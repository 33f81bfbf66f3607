import { expect, it } from 'vitest';
import { openVega } from '../../vega-draw.ts';
import { CHART_SHAPES, type Chart } from './chart.ts';
import { drawChart } from './draw-chart.ts';

const LOOK = { font: 'sans-serif', colours: ['#4c78a8', '#f58518'], ground: '#ffffff', grid: true };

it.each(CHART_SHAPES)('prints values upon %s, or does not', async (shape) => {
  const chart: Chart = {
    ...{ name: 'a', title: 'A', measure: 'm', most: '', least: '', value: '', shape },
    rows: [
      { name: 'one', value: '1,047' },
      { name: 'two', value: '2,093' },
    ],
  };
  const draw = await openVega();
  if (draw === null) throw new Error('vega and vega-lite are installed for development');
  const svgs: string[] = [];
  const keeping: typeof draw = async (spec, config) => {
    svgs.push(await draw(spec, config));
    return svgs.at(-1) ?? '';
  };
  await drawChart(chart, LOOK, { printed: true, draw: keeping });
  await drawChart(chart, LOOK, { printed: false, draw: keeping });
  expect(svgs.map((svg) => svg.includes('1,047'))).toEqual([true, false]);
});
