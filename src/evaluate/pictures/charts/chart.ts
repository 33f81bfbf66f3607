/** What a chart shows, before it is drawn. */
export interface Chart {
  readonly name: string;
  readonly title: string;
  /** What the values are, with their unit. */
  readonly measure: string;
  readonly shape: ChartShape;
  readonly rows: readonly ChartRow[];
  /** Questions about it. */
  readonly most: string;
  readonly least: string;
  /** `{}` is the name of a row. */
  readonly value: string;
}

export interface ChartRow {
  readonly name: string;
  /** As it would be printed. */
  readonly value: string;
}

export const CHART_SHAPES = ['bars', 'columns', 'line', 'pie'] as const;
type ChartShape = (typeof CHART_SHAPES)[number];

export const numberOf = ({ value }: ChartRow): number => Number(value.replaceAll(',', ''));
