import type { LineSeries, Point } from '../../evaluate/plot-lines.ts';
import type { ValidationFigures, ValidationRecord } from '../run/records.ts';
import { thinPoints } from './thin-points.ts';

/** All held-out dialogues, those without pictures and those with. */
export type Split = 'all' | 'text' | 'visual';

/** As tables name them. */
export const SPLIT_NAMES = { all: 'All', text: 'Text', visual: 'Visual' } as const;

/** Dialogues of one kind alone are all dialogues: one line, under the name of the kind. */
export function splitsOf(validations: readonly ValidationRecord[]): Split[] {
  const kinds = (['text', 'visual'] as const).filter((kind) =>
    validations.some((record) => record[kind] !== undefined),
  );
  return kinds.length === 1 ? kinds : ['all', ...kinds];
}

export function validationSeries(
  validations: readonly ValidationRecord[],
  pick: (figures: ValidationFigures) => number | undefined,
): LineSeries[] {
  return splitsOf(validations).map((split) => ({
    name: split,
    points: validationPoints(validations, (record) => record[split] && pick(record[split])),
  }));
}

export function validationPoints(
  validations: readonly ValidationRecord[],
  pick: (record: ValidationRecord) => number | undefined,
): Point[] {
  return thinPoints(
    validations.map((record) => ({ x: record.step, y: pick(record) ?? Number.NaN })),
  );
}
