import { join } from 'node:path';
import { writeWhole } from '../files/write-file.ts';
import { restoreLearner } from './loop/learner-state.ts';
import { runCourse, type Watcher } from './loop/run-course.ts';
import { trainingReport } from './report/training-report.ts';
import { readCheckpoint } from './run/checkpoint.ts';
import { readMetrics } from './run/metrics.ts';
import { openRun, type Run } from './run/open-run.ts';
import { describeRun, type Provenance } from './run/provenance.ts';
import type { RunRecord } from './run/records.ts';
import { INITIAL } from './target/open-target-training.ts';
import type { Training } from './training.ts';

/** Settings that change no weight, so that a run may go on with others. */
const MAY_CHANGE = [
  'config.checkpointEvery',
  'config.validation',
  'config.cache.gigabytes',
  'config.cache.memoryGigabytes',
];

export interface RunSettings {
  /** Folder of the run. */
  readonly out: string;
  /** As it was typed. */
  readonly command: string;
  readonly now: Date;
  /** Told of checkpoints that are passed over. */
  readonly onWarning: (message: string) => void;
  /** Told where the run goes on, before its first step. */
  readonly onOpen: (step: number) => void;
}

export interface RunOutcome {
  /** Whether the course came to its end; else it was cancelled, and the same command goes on. */
  readonly complete: boolean;
  /** What was learned, as a folder that serves; absent before the end. */
  readonly model?: string;
  readonly report: string;
}

/**
 * Trains in a folder, from where it stands to the end or until it is cancelled, and writes the report either way.
 * @throws RunLockedError, RunMismatchError, RunFolderError, DiskFullError, TrainingDivergedError
 */
export async function runTraining(
  training: Training,
  { out, command, now, onWarning, onOpen }: RunSettings,
  watcher: Watcher,
): Promise<RunOutcome> {
  const { course, pace, config, data, trains } = training;
  const { seed, threads } = config;
  const provenance = describeRun({ config, data, seed, threads, command }, now);
  const run = await openRun(out, provenance, {
    mayChange: MAY_CHANGE,
    mayHold: [INITIAL],
    onWarning,
  });
  try {
    if (run.resumeFrom !== undefined) restoreLearner(course.learner, run.resumeFrom);
    onOpen(course.learner.step);
    const complete = await runCourse(course, run, pace, watcher);
    const model = join(out, trains);
    if (complete) {
      if (course.publishes === 'best' && run.best !== undefined) {
        restoreLearner(course.learner, await readCheckpoint(run.best.path));
      }
      await course.publish(model);
    }
    const report = await writeReport(training, run, provenance);
    return { complete, report, ...(complete && { model }) };
  } finally {
    await run.close();
  }
}

async function writeReport(
  { trains, facts, config, material, course }: Training,
  { dir }: Run,
  { versions, started }: Provenance,
): Promise<string> {
  const records = await readMetrics(dir);
  const path = join(dir, 'report.html');
  const { parameters: _, ...shown } = facts;
  const html = await trainingReport(records, {
    trained: trains,
    ...shown,
    seed: config.seed,
    steps: course.steps,
    started: new Date(started),
    seconds: secondsOf(records),
    config,
    data: material.hashes.map(({ file, sha256 }) => ({
      file,
      sha256,
      dialogues: dialoguesOf(material, file),
    })),
    versions,
  });
  await writeWhole(path, html);
  return path;
}

/** Time spent on steps and validations; what a kill lost isn't counted. */
const secondsOf = (records: readonly RunRecord[]): number =>
  records.reduce((sum, { seconds }) => sum + seconds, 0);

function dialoguesOf({ training, validation }: Training['material'], file: string): number {
  const all = [training, validation].flatMap(({ text, visual }) => [...text, ...visual]);
  return all.filter(({ dialogue }) => dialogue.place.file === file).length;
}
