import { TrainingDivergedError } from '../../contracts/errors.ts';
import type { Place } from '../data/dialogue.ts';
import type { StateTensor } from './checkpoint.ts';
import type { StepRecord } from './records.ts';

/**
 * Stops a run whose loss or gradient is no number any more, before anything of it is saved.
 * @param places where the step's dialogues stand
 * @param lastGood folder of the last checkpoint
 * @throws TrainingDivergedError
 */
export function checkStep(
  { step, loss, gradNorm }: Pick<StepRecord, 'step' | 'loss' | 'gradNorm'>,
  places: readonly Place[],
  lastGood: string | undefined,
): void {
  const figures = [
    ['the loss', loss],
    ["the gradient's norm", gradNorm],
  ] as const;
  for (const [name, value] of figures) {
    if (Number.isFinite(value)) continue;
    throw new TrainingDivergedError(step, `${name} is ${value}`, lastGood, places);
  }
}

/**
 * Stops a run that would save weights or moments that are no numbers any more.
 * @throws TrainingDivergedError
 */
export function checkTensors(
  step: number,
  tensors: ReadonlyMap<string, StateTensor>,
  lastGood: string | undefined,
): void {
  for (const [name, { data }] of tensors) {
    if (allFinite(data)) continue;
    throw new TrainingDivergedError(step, `${name} holds NaN or infinity`, lastGood, []);
  }
}

function allFinite(data: Float32Array): boolean {
  let nothing = 0;
  for (let i = 0; i < data.length; i++) nothing += (data[i] as number) * 0;
  return nothing === 0;
}
