import type { ValidationRecord } from '../run/records.ts';
import type { Arm } from './arms.ts';

/** How far the validation loss of an arm came, and still moved at the end. */
export interface Convergence {
  readonly loss: number;
  /** Share of the loss before the first step that is gone: 0 of an arm that learned nothing. */
  readonly fell: number;
  /** Relative change of the loss over the last fifth of the steps: below 0 if it fell. */
  readonly moved: number;
}

const LIMIT = 0.02;
const LEAST_FALL = 0.1;

/** Whether the loss moved little enough at every seed. An arm that stands where it began moves little too. */
export const haveConverged = (moved: readonly number[]): boolean =>
  moved.every((part) => Math.abs(part) < LIMIT);

/** Whether the loss came down from where it began at every seed. */
export const haveLearned = (fell: readonly number[]): boolean =>
  fell.every((part) => part >= LEAST_FALL);

/** Judged by the kind of dialogues that the arm learns from: what it never sees says nothing about its end. */
export function convergenceOf(
  { curriculum }: Pick<Arm, 'curriculum'>,
  records: readonly ValidationRecord[],
  steps: number,
): Convergence {
  const kind = curriculum === 'text' || curriculum === 'visual' ? curriculum : 'all';
  const lossOf = (record: ValidationRecord | undefined) =>
    (record?.[kind] ?? record?.all)?.loss ?? Number.NaN;
  const before = lossOf(records.findLast(({ step }) => step <= 0.8 * steps));
  const [start, loss] = [lossOf(records[0]), lossOf(records.at(-1))];
  return { loss, fell: (start - loss) / start, moved: (loss - before) / before };
}
