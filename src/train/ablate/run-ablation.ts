import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, ioError } from '../../checkpoint/io-error.ts';
import { writeWhole } from '../../checkpoint/write-file.ts';
import { type Machine, readMachine } from '../../evaluate/machine.ts';
import { type DraftGround, draftTrainingOn } from '../draft/open-draft-training.ts';
import type { Watcher } from '../loop/run-course.ts';
import { readMetrics } from '../run/metrics.ts';
import { runTraining } from '../run-training.ts';
import type { ArmRun } from './arm-runs.ts';
import { type Convergence, convergenceOf } from './convergence.ts';
import type { SeedSample } from './estimate.ts';
import { measureArm } from './measure-arm.ts';

/** What is known of a finished run. */
export interface ArmResult {
  readonly run: ArmRun;
  readonly seconds: number;
  readonly rows: number;
  /** Most memory that the process held while it trained, features in memory included. */
  readonly peakBytes: number;
  readonly convergence: Convergence;
  readonly text: SeedSample;
  readonly visual: SeedSample;
}

/** Kept in the run's folder, so that what was measured is not measured again. */
interface Measured {
  readonly machine: Machine;
  readonly peakBytes: number;
  readonly text: SeedSample;
  readonly visual: SeedSample;
}

export interface AblationSettings {
  readonly command: string;
  /** Held-out prompts of each kind that are decoded, and how many of them are timed. */
  readonly prompts: number;
  readonly timed: number;
}

export interface AblationWatcher extends Watcher {
  readonly onWarning: (message: string) => void;
  readonly onRun: (run: ArmRun, index: number) => void;
  readonly onMeasure: (run: ArmRun) => void;
  /** Bytes that the process holds now. */
  readonly memory: () => number;
}

/**
 * Trains and measures what is not there yet, one run after the other.
 * @returns undefined if it was cancelled; the same call goes on
 */
export async function runAblation(
  ground: DraftGround,
  runs: readonly ArmRun[],
  settings: AblationSettings,
  watcher: AblationWatcher,
): Promise<ArmResult[] | undefined> {
  const results: ArmResult[] = [];
  for (const [index, run] of runs.entries()) {
    watcher.onRun(run, index);
    const peakBytes = await train(ground, run, settings.command, watcher);
    if (peakBytes === undefined) return undefined;
    const measured = await measure(ground, run, peakBytes, settings, watcher);
    results.push(await resultOf(run, measured));
  }
  return results;
}

/** Trains to the end; the most memory held meanwhile, or undefined if it was cancelled. */
async function train(
  ground: DraftGround,
  run: ArmRun,
  command: string,
  watcher: AblationWatcher,
): Promise<number | undefined> {
  const training = await draftTrainingOn(ground, run.config);
  let peakBytes = watcher.memory();
  const onStep: Watcher['onStep'] = (record) => {
    peakBytes = Math.max(peakBytes, watcher.memory());
    watcher.onStep(record);
  };
  try {
    const { onWarning } = watcher;
    const settings = { out: run.dir, command, now: new Date(), onWarning, onOpen: () => {} };
    const { complete } = await runTraining(training, settings, { ...watcher, onStep });
    return complete ? peakBytes : undefined;
  } finally {
    await training.dispose();
  }
}

async function measure(
  ground: DraftGround,
  run: ArmRun,
  peakBytes: number,
  { prompts, timed }: AblationSettings,
  watcher: AblationWatcher,
): Promise<Measured> {
  const path = join(run.dir, 'measured.json');
  const known = await readMeasured(path);
  if (known !== undefined) return known;
  watcher.onMeasure(run);
  const { text, visual } = ground.material.validation;
  const dialogues = (held: typeof text) => held.slice(0, prompts).map(({ dialogue }) => dialogue);
  const dir = join(run.dir, 'draft');
  const { fusion } = run.arm;
  const measured: Measured = {
    machine: readMachine(),
    peakBytes,
    text: await measureArm(ground, dir, fusion, dialogues(text), timed),
    visual: await measureArm(ground, dir, fusion, dialogues(visual), timed),
  };
  await writeWhole(path, JSON.stringify(measured));
  return measured;
}

async function readMeasured(path: string): Promise<Measured | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return undefined;
    throw ioError(path, cause);
  }
}

async function resultOf(run: ArmRun, { peakBytes, text, visual }: Measured): Promise<ArmResult> {
  const records = await readMetrics(run.dir);
  const steps = records.filter((record) => record.kind === 'step');
  const validations = records.filter((record) => record.kind === 'validation');
  return {
    run,
    seconds: steps.reduce((sum, { seconds }) => sum + seconds, 0),
    rows: steps.reduce((sum, { rows }) => sum + rows, 0),
    peakBytes,
    convergence: convergenceOf(run.arm, validations, run.length.steps),
    text,
    visual,
  };
}
