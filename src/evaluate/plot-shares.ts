import type { TopLevelSpec } from 'vega-lite';
import { PLOT_WIDTH, plotColour, plotSvg } from './plot-svg.ts';

export interface SharesPlot {
  /** What the plot shows, for those who can't see it. */
  readonly title: string;
  /** With the unit. */
  readonly xTitle: string;
  /** A bar each, of the same parts in the same order. */
  readonly bars: readonly {
    readonly name: string;
    readonly parts: Readonly<Record<string, number>>;
  }[];
}

const BAR = 30;

/** Bars of parts that add up, from top to bottom, as SVG; null without a bar. */
export async function plotShares({ title, xTitle, bars }: SharesPlot): Promise<string | null> {
  if (bars.length === 0) return null;
  const names = bars.map(({ name }) => name);
  const parts = [...new Set(bars.flatMap(({ parts }) => Object.keys(parts)))];
  const values = bars.flatMap(({ name, parts: own }) =>
    Object.entries(own).map(([part, value]) => ({ name, part, value, order: parts.indexOf(part) })),
  );
  const spec: TopLevelSpec = {
    width: PLOT_WIDTH,
    height: bars.length * BAR + 90,
    autosize: { type: 'fit', contains: 'padding' },
    padding: { left: 8, top: 10, bottom: 8, right: 16 },
    data: { values },
    mark: { type: 'bar', height: { band: 0.7 } },
    encoding: {
      y: { field: 'name', type: 'nominal', sort: names, axis: { title: null, grid: false } },
      x: { field: 'value', type: 'quantitative', axis: { title: xTitle, grid: true } },
      order: { field: 'order', type: 'quantitative' },
      color: {
        field: 'part',
        type: 'nominal',
        scale: { domain: parts, range: parts.map((_, index) => plotColour(index)) },
        legend: { symbolType: 'square', symbolOpacity: 1, columns: 4 },
      },
    },
  };
  return plotSvg(title, spec);
}
