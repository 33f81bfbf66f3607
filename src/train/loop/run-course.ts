import { checkStep } from '../run/check-step.ts';
import type { TrainingState } from '../run/checkpoint.ts';
import type { RunRecord, StepRecord, ValidationRecord } from '../run/records.ts';
import type { Course } from './course.ts';
import { learnerState } from './learner-state.ts';
import { createTakeStep } from './take-step.ts';

/** Where a run writes. */
export interface RunStore {
  append(record: RunRecord): Promise<void>;
  save(state: TrainingState): Promise<void>;
  /** Folder of the last whole checkpoint. */
  readonly lastGood: string | undefined;
}

export interface Pace {
  /** Steps between validations, and between checkpoints. The last step has both. */
  readonly validateEvery: number;
  readonly checkpointEvery: number;
}

export interface Watcher {
  /** Milliseconds, from any zero. */
  readonly clock: () => number;
  readonly cancelled: () => boolean;
  readonly onStep: (record: StepRecord) => void;
  readonly onValidation: (record: ValidationRecord) => void;
}

/**
 * Teaches a course from where its learner stands to its end, or until it is cancelled; either way the weights are
 * saved. A checkpoint stands behind all that it stands for: the records up to its step are written before it.
 *
 * @returns whether the course came to its end
 * @throws TrainingDivergedError if loss or gradient are not finite, which changes nothing
 */
export async function runCourse(
  course: Course,
  store: RunStore,
  { validateEvery, checkpointEvery }: Pace,
  watcher: Watcher,
): Promise<boolean> {
  const { learner, steps } = course;
  const take = createTakeStep(course);
  let saved = learner.step;
  let judged: Pick<TrainingState, 'validationLoss' | 'tokensPerPass'> = {};
  if (store.lastGood === undefined) {
    await validate();
    await save();
  }
  while (learner.step < steps && !watcher.cancelled()) {
    await step();
    const done = learner.step;
    const validated = done === steps || done % validateEvery === 0;
    if (validated) await validate();
    if (validated || done % checkpointEvery === 0) await save();
  }
  if (learner.step > saved) await save();
  return learner.step === steps;

  async function step(): Promise<void> {
    const began = watcher.clock();
    const at = learner.step;
    const { prepared, result } = await take(at);
    const { places, describe } = prepared;
    judged = {};
    const record: StepRecord = {
      kind: 'step',
      step: at + 1,
      learningRate: course.peakRate(at),
      gradNorm: result.gradNorm,
      ...describe(result),
      seconds: (watcher.clock() - began) / 1000,
    };
    checkStep(record, places, store.lastGood);
    await store.append(record);
    watcher.onStep(record);
  }
  async function validate(): Promise<void> {
    const began = watcher.clock();
    const figures = await course.validate(learner.step === steps);
    const seconds = (watcher.clock() - began) / 1000;
    const record: ValidationRecord = {
      kind: 'validation',
      step: learner.step,
      seconds,
      ...figures,
    };
    const { loss, tokensPerPass } = figures.all;
    judged = { validationLoss: loss, ...(tokensPerPass !== undefined && { tokensPerPass }) };
    await store.append(record);
    watcher.onValidation(record);
  }
  async function save(): Promise<void> {
    await store.save({ ...learnerState(learner), counters: {}, ...judged });
    saved = learner.step;
  }
}
