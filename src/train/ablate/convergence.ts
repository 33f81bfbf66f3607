import type { ValidationRecord } from '../run/records.ts';
import type { Arm } from './arms.ts';

/** How far the validation loss of an arm still moved at the end. */
export interface Convergence {
  readonly loss: number;
  /** Relative change of the loss over the last fifth of the steps: below 0 if it fell. */
  readonly moved: number;
}

/** A loss that moved less has converged. */
const LIMIT = 0.02;

export const hasConverged = (moved: number): boolean => Math.abs(moved) < LIMIT;

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
