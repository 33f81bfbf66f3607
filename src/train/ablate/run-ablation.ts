import { isDeepStrictEqual } from 'node:util';
import { type DraftContext, type DraftRun, draftTrainingOn } from '../draft/open-draft-training.ts';
import type { Watcher } from '../loop/run-course.ts';
import { readMetrics } from '../run/metrics.ts';
import type { StepRecord, ValidationRecord } from '../run/records.ts';
import { runTraining } from '../run-training.ts';
import type { ArmRun } from './arm-runs.ts';
import { type Convergence, convergenceOf } from './convergence.ts';
import type { SeedSample } from './estimate.ts';
import { measureArm } from './measure-arm.ts';
import { type Measured, type Prompts, readMeasured, writeMeasured } from './measured.ts';

/** What is known of a finished run. */
export interface ArmResult {
  readonly run: ArmRun;
  readonly steps: readonly StepRecord[];
  readonly validations: readonly ValidationRecord[];
  readonly convergence: Convergence;
  /** Most memory that the process held while it trained, features in memory included. */
  readonly peakBytes: number;
  readonly text: SeedSample;
  readonly visual: SeedSample;
}

export interface AblationSettings {
  readonly command: string;
  readonly prompts: Prompts;
}

export interface AblationWatcher extends Watcher {
  readonly onWarning: (message: string) => void;
  /** Told of every run before its first step, and of the step that it goes on from. */
  readonly onRun: (run: ArmRun, index: number, step: number) => void;
  /** The target reads what all runs learn from: dialogues read, of so many. */
  readonly onRead: (done: number, of: number) => void;
  readonly onMeasure: (run: ArmRun) => void;
  /** Bytes that the process holds now. */
  readonly memory: () => number;
}

/**
 * Trains and measures what is not there yet, one run after the other.
 * @returns undefined if it was cancelled; the same call goes on
 */
export async function runAblation(
  context: DraftContext,
  runs: readonly ArmRun[],
  settings: AblationSettings,
  watcher: AblationWatcher,
): Promise<ArmResult[] | undefined> {
  const known = await Promise.all(runs.map(({ dir }) => readMeasured(dir)));
  if (known.includes(undefined) && !(await readFeatures(context, watcher))) return undefined;
  const results: ArmResult[] = [];
  for (const [index, run] of runs.entries()) {
    const onOpen = (step: number) => watcher.onRun(run, index, step);
    const training = await draftTrainingOn(context, run.config);
    try {
      const peakBytes = await train(training, run, { ...settings, onOpen }, watcher);
      if (peakBytes === undefined) return undefined;
      const before = known[index];
      const measured = isDeepStrictEqual(before?.prompts, settings.prompts)
        ? (before as Measured)
        : await measure(context, training, before?.peakBytes ?? peakBytes, settings, () =>
            watcher.onMeasure(run),
          );
      if (measured !== before) await writeMeasured(run.dir, measured);
      results.push(await resultOf(run, measured));
    } finally {
      await training.dispose();
    }
  }
  return results;
}

/** Asks the target once, before the first run, so that no run pays for what the others find in memory. */
async function readFeatures(
  { material: { training, validation }, featureSource }: DraftContext,
  { onRead, cancelled }: AblationWatcher,
): Promise<boolean> {
  const all = [training, validation].flatMap(({ text, visual }) => [...text, ...visual]);
  for (const [index, { tokens }] of all.entries()) {
    if (cancelled()) return false;
    await featureSource.read(tokens);
    onRead(index + 1, all.length);
  }
  return true;
}

/** Trains to the end; the most memory held meanwhile, or undefined if it was cancelled. */
async function train(
  training: DraftRun,
  run: ArmRun,
  { command, onOpen }: { command: string; onOpen: (step: number) => void },
  watcher: AblationWatcher,
): Promise<number | undefined> {
  let peakBytes = watcher.memory();
  const onStep: Watcher['onStep'] = (record) => {
    peakBytes = Math.max(peakBytes, watcher.memory());
    watcher.onStep(record);
  };
  const { onWarning } = watcher;
  const settings = { out: run.dir, command, now: new Date(), onWarning, onOpen };
  const { complete } = await runTraining(training, settings, { ...watcher, onStep });
  return complete ? peakBytes : undefined;
}

/** Decodes held-out dialogues with the weights that were trained. */
async function measure(
  context: DraftContext,
  training: DraftRun,
  peakBytes: number,
  { prompts }: AblationSettings,
  onMeasure: () => void,
): Promise<Measured> {
  onMeasure();
  const { text, visual } = context.material.validation;
  const drafter = await training.openDrafter();
  try {
    const samples = (held: typeof text): Promise<SeedSample> => {
      const dialogues = held.slice(0, prompts.decoded).map(({ dialogue }) => dialogue);
      return measureArm(context, drafter, dialogues, prompts.timed);
    };
    return { prompts, peakBytes, text: await samples(text), visual: await samples(visual) };
  } finally {
    await drafter.dispose();
  }
}

async function resultOf(run: ArmRun, { peakBytes, text, visual }: Measured): Promise<ArmResult> {
  const records = await readMetrics(run.dir);
  const steps = records.filter((record) => record.kind === 'step');
  const validations = records.filter((record) => record.kind === 'validation');
  const convergence = convergenceOf(run.arm, validations, run.length.steps);
  return { run, steps, validations, convergence, peakBytes, text, visual };
}
