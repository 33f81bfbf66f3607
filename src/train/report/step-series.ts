import type { LineSeries, Point } from '../../evaluate/plot-lines.ts';
import type { StepRecord } from '../run/records.ts';
import { countWord } from './report-numbers.ts';
import { smoothPoints, thinningWindow, thinPoints } from './thin-points.ts';

type Pick = (step: StepRecord) => number | undefined;

/** A line's smoothing reaches over a twenty-fifth of the run, half of it to either side. */
const SMOOTHED_SHARE = 1 / 25;

/** A value of the steps, few enough points to draw. */
export function stepPoints(steps: readonly StepRecord[], pick: Pick): Point[] {
  return thinPoints(steps.map((step) => ({ x: step.step, y: pick(step) ?? Number.NaN })));
}

/** The same with its smooth line in front; no series where no step has the value. */
export function smoothedSeries(
  name: string,
  steps: readonly StepRecord[],
  pick: Pick,
): LineSeries[] {
  const raw = stepPoints(steps, pick);
  if (raw.length === 0) return [];
  const radius = smoothingRadius(steps.length);
  return [{ name, points: smoothPoints(raw, radius), ...(radius > 0 ? { raw } : {}) }];
}

/** What the points of stepPoints stand for; empty where each is a single step. */
export function pointSentence(steps: number): string {
  const window = thinningWindow(steps);
  return window === 1 ? '' : ` Points are means of ${countWord(window)} steps each.`;
}

/** What the lines of smoothedSeries stand for; empty where the steps are too few to smooth. */
export function lineSentence(steps: number): string {
  const radius = smoothingRadius(steps);
  if (radius === 0) return '';
  const window = thinningWindow(steps);
  const light = window === 1 ? 'single steps' : `means of ${countWord(window)} steps each`;
  const wide = countWord((2 * radius + 1) * window);
  return ` Light lines show ${light}, strong lines the mean of the ${wide} steps around.`;
}

/** In points. */
function smoothingRadius(steps: number): number {
  return Math.round((Math.ceil(steps / thinningWindow(steps)) * SMOOTHED_SHARE) / 2);
}
