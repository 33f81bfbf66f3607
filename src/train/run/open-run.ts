/**
 * The folder of a training run, which survives being killed at any moment:
 * `run.lock`, `provenance.json`, `metrics.jsonl` and `checkpoints/`.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { RunFolderError } from '../../contracts/errors.ts';
import { errorCode, ioError } from '../../files/io-error.ts';
import { isLockLeftover, LOCK_FILE, lockRun } from '../../files/lock-run.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { checkTensors } from './check-step.ts';
import type { TrainingState } from './checkpoint.ts';
import { type KeptCheckpoint, openCheckpoints } from './checkpoints.ts';
import { type Disk, REAL_DISK, removeAll } from './disk.ts';
import { openMetrics } from './metrics.ts';
import { type Provenance, runHash } from './provenance.ts';
import type { RunRecord } from './records.ts';
import { PROVENANCE_FILE, readStarts, refuseChanges, writeStarts } from './starts.ts';

export interface Run {
  readonly dir: string;
  /** Where to go on; undefined for a run that has no checkpoint yet. */
  readonly resumeFrom: TrainingState | undefined;
  /** Folder of the last whole checkpoint. */
  readonly lastGood: string | undefined;
  /** The kept checkpoint that was judged best; `readCheckpoint` reads it. */
  readonly best: KeptCheckpoint | undefined;
  /**
   * Writes a record down. All records of a step come before its `save`: a resumed run begins after them.
   * @throws DiskFullError, and nothing of the record stays
   */
  append(record: RunRecord): Promise<void>;
  /**
   * Makes a checkpoint; steps must rise. Its tensors may change again once this is done.
   * @throws DiskFullError, and nothing of the checkpoint stays; TrainingDivergedError if a tensor isn't finite
   */
  save(state: TrainingState): Promise<void>;
  /** Ends the work in the folder, so that another process may go on with it. */
  close(): Promise<void>;
}

export interface RunOptions {
  /** Dotted keys of the provenance that may differ from the start before, as `config.checkpointEvery`. */
  readonly mayChange: readonly string[];
  /** Names that may stand in the folder before the run begins there. Default none. */
  readonly mayHold?: readonly string[];
  /** Told of each damaged checkpoint that is passed over. */
  readonly onWarning: (message: string) => void;
  readonly disk?: Disk;
}

/**
 * Begins a run in a folder, or goes on with the one that began there.
 *
 * @throws RunLockedError while another process trains there; RunMismatchError if the run began with other settings;
 * RunFolderError if the folder holds something else, or is damaged; DiskFullError
 */
export async function openRun(
  dir: string,
  provenance: Provenance,
  { mayChange, mayHold = [], onWarning, disk = REAL_DISK }: RunOptions,
): Promise<Run> {
  await openFolder(dir);
  const unlock = await lockRun(dir);
  try {
    const starts = await readStarts(dir);
    const before = starts.at(-1);
    if (before === undefined) await refuseForeign(dir, mayHold);
    else refuseChanges(dir, before, provenance, mayChange);
    await sweep(dir);
    const run = runHash(provenance);
    const runs = new Set([run, ...starts.map(runHash)]);
    const folder = join(dir, 'checkpoints');
    const checkpoints = await openCheckpoints(folder, { run, runs }, disk, onWarning);
    const { resumeFrom } = checkpoints;
    const lastGood = () => checkpoints.last?.path;
    const start = { fromStep: resumeFrom?.step ?? 0, ...provenance };
    await writeStarts(dir, [...starts, start], lastGood());
    const metrics = await openMetrics(dir, resumeFrom?.step ?? -1, disk, lastGood);
    return {
      dir,
      resumeFrom,
      get lastGood() {
        return lastGood();
      },
      get best() {
        return checkpoints.best;
      },
      async append(record) {
        const saved = checkpoints.last;
        if (saved !== undefined && record.step <= saved.step) {
          throw new RangeError(`A record of step ${record.step} comes after its checkpoint.`);
        }
        await metrics.append(record);
      },
      async save(state) {
        checkTensors(state.step, state.tensors, lastGood());
        await metrics.flush();
        await checkpoints.save(state);
      },
      close: unlock,
    };
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function openFolder(dir: string): Promise<void> {
  try {
    await makeFolder(dir);
  } catch (cause) {
    if (errorCode(cause) !== 'EEXIST' && errorCode(cause) !== 'ENOTDIR') throw ioError(dir, cause);
    throw new RunFolderError(dir, 'a file stands in the way of this folder; choose another.', {
      cause,
    });
  }
}

/** What a killed process may leave half-written. */
const isLeftover = (name: string): boolean =>
  isLockLeftover(name) || /^(provenance\.json|metrics\.jsonl)\.[A-Za-z0-9]{6}$/.test(name);

async function refuseForeign(dir: string, mayHold: readonly string[]): Promise<void> {
  const known = [LOCK_FILE, ...mayHold];
  const foreign = (await namesIn(dir)).find((name) => !known.includes(name) && !isLeftover(name));
  if (foreign === undefined) return;
  throw new RunFolderError(
    dir,
    `this folder holds ${foreign} but no ${PROVENANCE_FILE}, so it is no run's; choose a new folder.`,
  );
}

async function sweep(dir: string): Promise<void> {
  for (const name of (await namesIn(dir)).filter(isLeftover)) await removeAll(join(dir, name));
}

async function namesIn(dir: string): Promise<string[]> {
  try {
    return await readdir(dir);
  } catch (cause) {
    throw ioError(dir, cause);
  }
}
