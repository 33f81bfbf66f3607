import sharp from 'sharp';
import type { TopLevelSpec } from 'vega-lite';
import type { VegaDraw } from '../../vega-draw.ts';
import type { Draws } from '../draws.ts';
import { type Chart, numberOf } from './chart.ts';

/** How a chart is drawn, but for its shape. */
export interface ChartLook {
  readonly font: string;
  readonly colours: readonly string[];
  readonly ground: string;
  readonly grid: boolean;
}

const PALETTES = [
  ['#4c78a8', '#f58518', '#e45756', '#72b7b2', '#54a24b'],
  ['#264653', '#2a9d8f', '#e9c46a', '#f4a261', '#e76f51'],
  ['#5f4690', '#38a6a5', '#edad08', '#e17c05', '#94346e'],
];

export const chartLook = (draws: Draws, fonts: readonly string[]): ChartLook => ({
  font: draws.one(fonts),
  colours: draws.one(PALETTES),
  ground: draws.one(['#ffffff', '#ffffff', '#fbfaf6']),
  grid: draws.chance(0.5),
});

/** A chart as a PNG file, with its values printed upon it or without. */
export async function drawChart(
  chart: Chart,
  look: ChartLook,
  { printed, draw }: { readonly printed: boolean; readonly draw: VegaDraw },
): Promise<Uint8Array> {
  const { font, ground } = look;
  const axis = { labelFontSize: 14, titleFontSize: 14, labelAngle: 0, grid: look.grid };
  const config = { font, axis, title: { fontSize: 20, anchor: 'start', offset: 14 } } as const;
  const spec = chart.shape === 'pie' ? pie(chart, look, printed) : along(chart, look, printed);
  const svg = await draw({ ...spec, title: chart.title, background: ground, padding: 18 }, config);
  return new Uint8Array(
    await sharp(Buffer.from(svg)).flatten({ background: ground }).png().toBuffer(),
  );
}

/** Bars, columns or a line along an axis of names. */
function along(chart: Chart, { colours, font }: ChartLook, printed: boolean): TopLevelSpec {
  const lies = chart.shape === 'bars';
  const names = {
    field: 'name',
    type: 'nominal' as const,
    sort: null,
    axis: { title: null, grid: false },
  };
  const values = { field: 'number', type: 'quantitative' as const, title: chart.measure };
  const color = colours[0] as string;
  const mark =
    chart.shape === 'line'
      ? { type: 'line' as const, color, strokeWidth: 3, point: { size: 60, color } }
      : { type: 'bar' as const, color };
  const beside = lies
    ? ({ align: 'left', dx: 5 } as const)
    : ({ align: 'center', dy: chart.shape === 'line' ? -14 : -10 } as const);
  const text = {
    mark: { type: 'text' as const, fontSize: 13, font, ...beside },
    encoding: { text: { field: 'value', type: 'nominal' as const } },
  };
  return {
    ...{ width: 560, height: lies ? Math.max(180, 36 * chart.rows.length) : 300 },
    data: dataOf(chart),
    encoding: lies ? { y: names, x: values } : { x: names, y: values },
    layer: [{ mark }, ...(printed ? [text] : [])],
  };
}

function pie(chart: Chart, { colours, font }: ChartLook, printed: boolean): TopLevelSpec {
  const names = chart.rows.map(({ name }) => name);
  const text = {
    mark: { type: 'text' as const, radius: 172, fontSize: 15, font },
    encoding: { text: { field: 'value', type: 'nominal' as const }, color: { value: '#222222' } },
  };
  return {
    ...{ width: 420, height: 380 },
    data: dataOf(chart),
    encoding: {
      theta: { field: 'number', type: 'quantitative', stack: true },
      color: {
        field: 'name',
        type: 'nominal',
        scale: { domain: names, range: [...colours] },
        legend: {
          ...{ title: chart.measure, titleFontSize: 14, titleLimit: 400 },
          ...{ labelFontSize: 15, labelLimit: 400, symbolType: 'square' },
        },
      },
      order: { field: 'at', type: 'quantitative' },
    },
    layer: [
      { mark: { type: 'arc', outerRadius: 150, stroke: '#ffffff' } },
      ...(printed ? [text] : []),
    ],
  };
}

const dataOf = ({ rows }: Chart) => ({
  values: rows.map((row, at) => ({ ...row, number: numberOf(row), at })),
});
