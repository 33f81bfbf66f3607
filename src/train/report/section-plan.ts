import type { LinePlot } from '../../evaluate/plot-lines.ts';
import { plotLines } from '../../evaluate/plot-lines.ts';
import type { ReportBlock, ReportSection } from '../../evaluate/report-page.ts';

/** A plot over steps, not drawn yet. */
export type FigurePlan = Omit<LinePlot, 'xTitle'> & { readonly caption: string };

export type TablePlan = Extract<ReportBlock, { kind: 'table' }>;

export interface SectionPlan {
  readonly title: string;
  readonly figures: readonly FigurePlan[];
  readonly tables?: readonly TablePlan[];
}

/** Draws a section, without the figures that have nothing to show; null where nothing is left. */
export async function drawSection(plan: SectionPlan): Promise<ReportSection | null> {
  const figures = await Promise.all(plan.figures.map(drawFigure));
  const tables = (plan.tables ?? []).filter(({ rows }) => rows.length > 0);
  const blocks = [...figures.flat(), ...tables];
  return blocks.length === 0 ? null : { title: plan.title, blocks };
}

async function drawFigure({ caption, ...plot }: FigurePlan): Promise<ReportBlock[]> {
  const svg = await plotLines({ ...plot, xTitle: 'Step' });
  return svg === null ? [] : [{ kind: 'figure', svg, caption: caption.trim() }];
}
