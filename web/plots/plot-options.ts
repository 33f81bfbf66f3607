/** How each of the plots is drawn. */
import uPlot from 'uplot';
import type { PlotOptions } from './plot.tsx';

type Colour = (name: string) => () => string;

const bars = (share: number): uPlot.Series.PathBuilder | undefined =>
  uPlot.paths.bars?.({ size: [share, 28], radius: 0.12 });

/** Whole numbers only, for counts. */
const whole = (_: uPlot, values: number[]): string[] =>
  values.map((value) => (Number.isInteger(value) ? String(value) : ''));

const around: uPlot.Scale.Range = (_, least, most) => [(least ?? 1) - 0.6, (most ?? 1) + 0.6];
const fromZero: uPlot.Scale.Range = (_, __, most) => [0, Math.max(1, (most ?? 1) * 1.1)];

const AXIS = { size: 20, space: 34 };
const SIDE = { size: 34, space: 26 };

const filled = (colour: () => string, share: number) => ({
  ...{ stroke: colour, fill: colour, width: 0, points: { show: false } },
  ...pathsOf(bars(share)),
});

const pathsOf = (paths: uPlot.Series.PathBuilder | undefined) =>
  paths === undefined ? {} : { paths };

export const TOKENS = (colour: Colour): PlotOptions => ({
  scales: { x: { time: false, range: around }, y: { range: fromZero } },
  axes: [
    { ...AXIS, values: whole, grid: { show: false } },
    { ...SIDE, values: whole },
  ],
  series: [{}, filled(colour('--draft-line'), 0.8)],
});

export const ACCEPTANCE = (colour: Colour): PlotOptions => ({
  scales: { x: { time: false, range: around }, y: { range: [0, 105] } },
  axes: [
    { ...AXIS, values: whole, grid: { show: false } },
    { ...SIDE, splits: [0, 50, 100] },
  ],
  series: [{}, filled(colour('--draft-line'), 0.6)],
});

export const SPEED = (colour: Colour): PlotOptions => ({
  scales: { x: { time: false }, y: { range: fromZero } },
  axes: [{ ...AXIS, space: 50, values: seconds, grid: { show: false } }, SIDE],
  series: [{}, { stroke: colour('--ink'), width: 1.5, points: { show: false } }],
});

function seconds(_: uPlot, values: number[]): string[] {
  return values.map((value) => `${value} s`);
}

/** Stacked: each series reaches over those that are drawn after it. */
export const TIMES = (colour: Colour): PlotOptions => ({
  scales: { x: { time: false, range: around }, y: { range: fromZero } },
  axes: [{ ...AXIS, values: whole, grid: { show: false } }, SIDE],
  series: [
    {},
    filled(colour('--host'), 0.8),
    filled(colour('--draft-line'), 0.8),
    filled(colour('--ink'), 0.8),
  ],
});
