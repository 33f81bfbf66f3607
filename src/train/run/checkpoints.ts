/** The checkpoints of a run, `step-000123` and so on: the last two stay, since one may turn out damaged, and the best. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { RunFolderError } from '../../contracts/errors.ts';
import { errorCode, ioError } from '../../files/io-error.ts';
import {
  isPartialName,
  readCheckpoint,
  readFacts,
  removeCheckpoint,
  type TrainingState,
  writeCheckpoint,
} from './checkpoint.ts';
import { type Disk, removeAll } from './disk.ts';

/** A checkpoint on disk. */
export interface KeptCheckpoint {
  readonly path: string;
  readonly step: number;
  readonly validationLoss?: number;
  readonly tokensPerPass?: number;
}

export interface Checkpoints {
  /** The state in the last whole checkpoint that was there at opening. */
  readonly resumeFrom: TrainingState | undefined;
  /** The last whole one. */
  readonly last: KeptCheckpoint | undefined;
  /** The one with the most tokens per pass, or where these were not counted the least loss; the earlier of equal ones. */
  readonly best: KeptCheckpoint | undefined;
  save(state: TrainingState): Promise<void>;
}

/** Latest ones that stay. */
const KEPT = 2;

/**
 * Opens a folder of checkpoints, which need not be there yet; what a killed process left half-written goes.
 *
 * @param run what new checkpoints say they belong to; those of none of `runs` are passed over
 * @param onWarning told of each checkpoint that is passed over, and why
 */
export async function openCheckpoints(
  dir: string,
  { run, runs }: { run: string; runs: ReadonlySet<string> },
  disk: Disk,
  onWarning: (message: string) => void,
): Promise<Checkpoints> {
  const steps = await stepsIn(dir);
  const pathOf = (step: number) => join(dir, `step-${String(step).padStart(6, '0')}`);
  let kept: KeptCheckpoint[] = [];
  let resumeFrom: TrainingState | undefined;
  for (const step of steps.sort((a, b) => b - a)) {
    try {
      const path = pathOf(step);
      const facts = await readFacts(path);
      checkOwner(path, step, facts, runs);
      resumeFrom ??= await readCheckpoint(path);
      kept.unshift(described(path, facts));
    } catch (error) {
      if (!(error instanceof RunFolderError)) throw error;
      onWarning(`${error.message} This checkpoint is passed over.`);
    }
  }

  return {
    resumeFrom,
    get last() {
      return kept.at(-1);
    },
    get best() {
      return bestOf(kept);
    },
    async save(state) {
      const last = kept.at(-1);
      if (last !== undefined && state.step <= last.step) {
        throw new RangeError(`Step ${state.step} can't be saved after step ${last.step}.`);
      }
      const path = pathOf(state.step);
      await writeCheckpoint(path, state, run, disk, last?.path);
      kept.push(described(path, state));
      const stays = new Set([...kept.slice(-KEPT), bestOf(kept)]);
      const goes = kept.filter((one) => !stays.has(one));
      kept = kept.filter((one) => stays.has(one));
      for (const { path } of goes) await removeCheckpoint(path);
    },
  };
}

async function stepsIn(dir: string): Promise<number[]> {
  try {
    const names = await readdir(dir);
    for (const name of names.filter(isPartialName)) await removeAll(join(dir, name));
    return names.flatMap((name) => /^step-(\d{6,})$/.exec(name)?.slice(1).map(Number) ?? []);
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return [];
    throw ioError(dir, cause);
  }
}

function checkOwner(
  path: string,
  step: number,
  facts: { step: number; run: string },
  runs: ReadonlySet<string>,
): void {
  if (facts.step !== step) throw new RunFolderError(path, `it holds step ${facts.step}.`);
  if (!runs.has(facts.run)) throw new RunFolderError(path, 'it belongs to another run.');
}

const described = (
  path: string,
  { step, validationLoss, tokensPerPass }: Omit<KeptCheckpoint, 'path'>,
): KeptCheckpoint => ({
  path,
  step,
  ...(validationLoss !== undefined && { validationLoss }),
  ...(tokensPerPass !== undefined && { tokensPerPass }),
});

function bestOf(kept: readonly KeptCheckpoint[]): KeptCheckpoint | undefined {
  const judged = kept.filter(({ validationLoss }) => validationLoss !== undefined);
  const counted = judged.filter(({ tokensPerPass }) => tokensPerPass !== undefined);
  const [passes, loss] = [
    ({ tokensPerPass = 0 }: KeptCheckpoint) => tokensPerPass,
    ({ validationLoss = 0 }: KeptCheckpoint) => validationLoss,
  ];
  return (counted.length > 0 ? counted : judged).toSorted(
    (a, b) => passes(b) - passes(a) || loss(a) - loss(b) || a.step - b.step,
  )[0];
}
