import { type DraftContext, draftTrainingOn } from '../draft/open-draft-training.ts';
import { createTakeStep } from '../loop/take-step.ts';
import type { ArmRun } from './arm-runs.ts';

/** Places of a run, from 0 to 1, whose steps are measured: early text is short, late pictures are long. */
const MEASURED_AT = [0.1, 0.3, 0.5, 0.7, 0.9];

/**
 * Seconds of a step of each arm with the features of the target in memory, by the arm's name. Nothing is written.
 * @param clock milliseconds, from any zero
 */
export async function measurePace(
  context: DraftContext,
  runs: readonly ArmRun[],
  clock: () => number,
): Promise<Map<string, number>> {
  const paces = new Map<string, number>();
  for (const run of runs) {
    if (!paces.has(run.arm.name))
      paces.set(run.arm.name, await secondsPerStep(context, run, clock));
  }
  return paces;
}

async function secondsPerStep(
  context: DraftContext,
  { config }: ArmRun,
  clock: () => number,
): Promise<number> {
  const { course, dispose } = await draftTrainingOn(context, config);
  try {
    const take = createTakeStep(course);
    const once = async (step: number): Promise<number> => {
      const began = clock();
      await take(step);
      return (clock() - began) / 1000;
    };
    let seconds = 0;
    for (const part of MEASURED_AT) {
      const step = Math.floor(part * course.steps);
      await once(step); // the target reads, and memory is made ready
      seconds += await once(step);
    }
    return seconds / MEASURED_AT.length;
  } finally {
    await dispose();
  }
}
