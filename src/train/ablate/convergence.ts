import type { ValidationRecord } from '../run/records.ts';
import type { Arm } from './arms.ts';

/** How far the validation loss of an arm still moved at the end. */
export interface Convergence {
  readonly loss: number;
  /** Relative change of the loss over the last fifth of the steps. */
  readonly moved: number;
  readonly converged: boolean;
}

const LIMIT = 0.02;

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
  const moved = Math.abs(before - loss) / before;
  return { loss, moved, converged: moved < LIMIT };
}
