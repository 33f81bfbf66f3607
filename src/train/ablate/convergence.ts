import type { ValidationRecord } from '../run/records.ts';
import type { Arm } from './arms.ts';

/** How far the validation loss of an arm still moved at the end. */
export interface Convergence {
  readonly loss: number;
  /** Relative change of the loss over the last fifth of the steps: below 0 if it fell. */
  readonly moved: number;
}

const LIMIT = 0.02;

/** Whether the loss moved little enough at every seed. */
export const haveConverged = (moved: readonly number[]): boolean =>
  moved.every((part) => Math.abs(part) < LIMIT);

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
  const loss = lossOf(records.at(-1));
  return { loss, moved: (loss - before) / before };
}
