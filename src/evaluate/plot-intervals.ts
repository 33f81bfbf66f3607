import type { TopLevelSpec } from 'vega-lite';
import type { Interval } from './bootstrap.ts';
import { PLOT_WIDTH, plotColour, plotSvg } from './plot-svg.ts';

export interface IntervalRow {
  /** Rows of one group stand together, in the order of their first mention. */
  readonly group: string;
  /** What tells the rows of a group apart; has one colour in all groups. */
  readonly series: string;
  readonly mean: number;
  readonly interval: Interval | null;
  /** Single repetitions, drawn small upon the interval. */
  readonly dots: readonly number[];
}

export interface IntervalPlot {
  /** What the plot shows, for those who can't see it. */
  readonly title: string;
  /** With the unit. */
  readonly xTitle: string;
  readonly rows: readonly IntervalRow[];
}

const ROW_HEIGHT = 22;
const GROUP_GAP = 16;
/** Names of a legend's line: more would run out of the picture. */
const LEGEND_COLUMNS = 3;
const LEGEND_LINE = 20;

/** Means with their intervals, groups from top to bottom, as SVG; null where no row has a finite mean. */
export async function plotIntervals(plot: IntervalPlot): Promise<string | null> {
  const rows = plot.rows.filter(({ mean }) => Number.isFinite(mean));
  if (rows.length === 0) return null;
  const groups = distinct(rows.map(({ group }) => group));
  const series = distinct(rows.map((row) => row.series));
  const dots = rows.flatMap((row) =>
    row.dots
      .filter(Number.isFinite)
      .map((value) => ({ group: row.group, series: row.series, value })),
  );
  const intervals = rows.flatMap(({ group, series, interval }) =>
    interval === null ? [] : [{ group, series, ...interval }],
  );
  const means = rows.map(({ group, series, mean }) => ({ group, series, value: mean }));
  const x = (field: string) => ({ field, type: 'quantitative' as const });
  const height = groups.length * (series.length * ROW_HEIGHT + GROUP_GAP);
  const legend = Math.ceil(series.length / LEGEND_COLUMNS) * LEGEND_LINE;
  const spec: TopLevelSpec = {
    width: PLOT_WIDTH,
    height: height + 60 + legend,
    autosize: { type: 'fit', contains: 'padding' },
    padding: { left: 8, top: 10, bottom: 8, right: 16 },
    encoding: {
      y: {
        field: 'group',
        type: 'nominal',
        sort: groups,
        scale: { paddingInner: GROUP_GAP / (height / groups.length), paddingOuter: 0.15 },
        axis: { title: null, grid: false },
      },
      yOffset: { field: 'series', type: 'nominal', sort: series, scale: { domain: series } },
      color: {
        field: 'series',
        type: 'nominal',
        scale: { domain: series, range: series.map((_, index) => plotColour(index)) },
        legend:
          series.length > 1
            ? { symbolType: 'circle', symbolOpacity: 1, columns: LEGEND_COLUMNS }
            : null,
      },
    },
    layer: [
      {
        data: { values: intervals },
        mark: { type: 'rule', strokeWidth: 8, opacity: 0.3 },
        encoding: { x: x('low'), x2: { field: 'high' } },
      },
      {
        data: { values: dots },
        mark: { type: 'point', filled: true, size: 16, opacity: 1 },
        encoding: {
          x: {
            ...x('value'),
            scale: { zero: false, nice: true },
            axis: { title: plot.xTitle, grid: true, tickCount: 8 },
          },
        },
      },
      {
        data: { values: means },
        mark: { type: 'point', filled: true, size: 80, opacity: 1 },
        encoding: { x: x('value') },
      },
    ],
  };
  return plotSvg(plot.title, spec);
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)];
}
