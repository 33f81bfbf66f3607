import type { TopLevelSpec } from 'vega-lite';
import { plotDomain } from './plot-domain.ts';
import { plotLabelPlaces } from './plot-label-places.ts';
import { plotLogTicks } from './plot-log-ticks.ts';
import { PLOT_COLOURS, PLOT_INK, PLOT_WIDTH, plotColour, plotSvg } from './plot-svg.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface LineSeries {
  /** Stands at the line's end. */
  readonly name: string;
  readonly points: readonly Point[];
  /** What the points smooth, drawn lightly behind them. */
  readonly raw?: readonly Point[];
  readonly dashed?: boolean;
}

export interface LinePlot {
  /** What the plot shows, for those who can't see it. */
  readonly title: string;
  /** With the unit. */
  readonly xTitle: string;
  readonly yTitle: string;
  readonly series: readonly LineSeries[];
  /** Linear by default; log has no place for values of 0 and less, and leaves them out. */
  readonly yScale?: 'linear' | 'log';
  /** Values that the scale reaches whatever the points are; it ends there if none lies beyond. */
  readonly yReaches?: readonly number[];
  /** How d3-format writes the ticks of y. */
  readonly yFormat?: string;
}

const HEIGHT = 210;
/** Around the lines; alike in all plots, so that their steps stand above each other. */
const PADDING = { left: 72, top: 12, bottom: 50, right: 132 };
const FONT_SIZE = 12;
const LABEL_GAP = 15;
/** Lines of few points show them. */
const FEW = 60;

/** Lines over steps from 0 on as SVG, each named at its end; null where no series has a finite point. */
export async function plotLines(plot: LinePlot): Promise<string | null> {
  const log = plot.yScale === 'log';
  /** Copies: Vega marks the objects that it draws. */
  const drawable = (points: readonly Point[]) =>
    points
      .filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y) && (!log || y > 0))
      .map(({ x, y }) => ({ x, y }));
  const series = plot.series
    .map((one) => ({ ...one, points: drawable(one.points), raw: drawable(one.raw ?? []) }))
    .filter(({ points }) => points.length > 0);
  if (series.length === 0) return null;

  const all = series.flatMap(({ points, raw }) => [...points, ...raw]);
  const lastX = all.reduce((last, { x }) => Math.max(last, x), 1);
  const yDomain = plotDomain(
    all.map(({ y }) => y),
    plot.yReaches ?? [],
    log,
  );
  const right = Math.max(PADDING.right, ...series.map(({ name }) => labelWidth(name)));
  const spec: TopLevelSpec = {
    width: PLOT_WIDTH - PADDING.left - right,
    height: HEIGHT,
    autosize: 'none',
    padding: { ...PADDING, right },
    encoding: {
      x: {
        field: 'x',
        type: 'quantitative',
        scale: { domain: [0, lastX], nice: false },
        axis: {
          title: plot.xTitle,
          tickCount: 8,
          labelExpr: tickLabel(lastX < 10_000 ? ',~r' : '~s'),
        },
      },
      y: {
        field: 'y',
        type: 'quantitative',
        scale: {
          domain: [...yDomain],
          nice: false,
          ...(log ? { type: 'log' } : { type: 'linear', zero: false }),
        },
        axis: {
          title: plot.yTitle,
          ...(log ? { values: plotLogTicks(...yDomain) } : { tickCount: 6 }),
          labelExpr: tickLabel(plot.yFormat ?? (log ? '~r' : '~g')),
          titleX: -56,
        },
      },
    },
    layer: [...series.flatMap(lineLayers), ...labelLayers(series, lastX, yDomain, log)],
  };
  return plotSvg(plot.title, spec);
}

/** Zero has no unit and no exponent. */
function tickLabel(format: string): string {
  return `datum.value ? format(datum.value, '${format}') : '0'`;
}

type DrawableSeries = LineSeries & { readonly points: Point[]; readonly raw: Point[] };

function lineLayers({ points, raw, dashed }: DrawableSeries, index: number) {
  const colour = plotColour(index);
  const front = {
    data: { values: points },
    mark: {
      type: 'line' as const,
      color: colour,
      strokeWidth: 2,
      strokeJoin: 'round' as const,
      ...(dashed || index >= PLOT_COLOURS.length ? { strokeDash: [6, 4] } : {}),
      ...(points.length <= FEW ? { point: { color: colour, size: 26, opacity: 1 } } : {}),
    },
  };
  const behind = {
    data: { values: raw },
    mark: { type: 'line' as const, color: colour, strokeWidth: 1, opacity: 0.3 },
  };
  return raw.length > 0 ? [behind, front] : [front];
}

/** A dot of the line's colour and its name, right of the plot at the height of the line's last point. */
function labelLayers(
  series: readonly DrawableSeries[],
  x: number,
  [low, high]: readonly [number, number],
  log: boolean,
) {
  const scale = (y: number) => (log ? Math.log(y) : y);
  const unscale = (y: number) => (log ? Math.exp(y) : y);
  const pixel = (scale(high) - scale(low)) / HEIGHT;
  const wanted = series.map(({ points }) => scale((points.at(-1) as Point).y));
  const places = plotLabelPlaces(wanted, LABEL_GAP * pixel, scale(low), scale(high));
  return series.flatMap(({ name }, index) => {
    const data = { values: [{ x, y: unscale(places[index] as number) }] };
    const mark = { type: 'text', align: 'left', baseline: 'middle', fontSize: FONT_SIZE } as const;
    return [
      { data, mark: { ...mark, text: '●', color: plotColour(index), dx: 10 } },
      { data, mark: { ...mark, text: name, color: PLOT_INK, dx: 24, fontWeight: 500 as const } },
    ];
  });
}

/** Of the dot and the name, by the mean width of a letter: fonts are the reader's. */
function labelWidth(name: string): number {
  return 32 + 0.6 * FONT_SIZE * name.length;
}
