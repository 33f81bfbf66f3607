import { rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { OptionError } from '../../contracts/errors.ts';
import { engineOf } from '../../engine/engine.ts';
import type { Host } from '../../engine/host.ts';
import { loadModel } from '../../engine/load/load-model.ts';
import { ioError } from '../../files/io-error.ts';
import { fileExists } from '../../files/json-file.ts';
import { lockRun } from '../../files/lock-run.ts';
import { makeFolder } from '../../files/make-folder.ts';
import type { Dialogue } from '../data/dialogue.ts';
import { readDialogues } from '../data/read-dialogues.ts';
import { type FeatureCache, openFeatureCache } from '../features/feature-cache.ts';
import { harvest } from './harvest.ts';
import type { HarvestJob } from './harvest-job.ts';
import { createProgressMeter, type HarvestProgress } from './harvest-progress.ts';
import { problemText } from './harvest-record.ts';
import { beginHarvest, harvestIdentity } from './harvest-state.ts';
import { harvestNotice, harvestSummary, keptNotice, leftOut, stopNotice } from './harvest-text.ts';
import { keepAnswers } from './keep-answers.ts';
import { openPartStore, STATE_FILE } from './part-store.ts';
import { plannedTurns } from './planned-turns.ts';
import { recordRows } from './record-rows.ts';

export interface HarvestSurroundings {
  readonly host: Host;
  readonly cancelled: () => boolean;
  readonly tell: (text: string) => void;
  /** Once everything is read and cancelling keeps what is answered. */
  readonly onBegin: () => void;
  readonly onProgress: (progress: () => HarvestProgress) => void;
}

/**
 * A harvest from data files to the finished file, begun or gone on with. Once `out` is written, the parts are removed.
 *
 * @returns whether it is complete; false once it is cancelled
 * @throws OptionError if `out` is there already, TrainingDataError, RunLockedError, RunMismatchError or RunFolderError if
 * the parts are another harvest's or damaged, and what loading a model throws
 */
export async function runHarvest(
  job: HarvestJob,
  { host, cancelled, tell, onBegin, onProgress }: HarvestSurroundings,
): Promise<boolean> {
  const { paths, imageRoot, out, limit, load, batch, settings, skipBad, saveEvery, features } = job;
  const folder = `${out}.parts`;
  const isThere = await fileExists(out);
  if (isThere && !(await fileExists(join(folder, STATE_FILE)))) throw taken(out);
  const read = await readDialogues(paths, {
    skipBad,
    last: 'user',
    ...(imageRoot !== undefined && { imageRoot }),
  });
  tell(leftOut(read.problems.map(problemText)));
  const dialogues = read.dialogues.slice(0, limit);

  let unlock = async () => {};
  let started = host.now();
  const dated = { ...host, now: () => started };
  const model = await loadModel(dated, { ...load, draft: null });
  const recording = features && recordRows(model.target);
  const cache = features && (await openCache(features, host.now, tell));
  const keeper = recording && cache && keepAnswers(model, recording, cache, settings);
  const engine = engineOf(
    dated,
    { ...model, target: recording ?? model.target },
    { sequences: batch, keptBytes: KEPT_BYTES, pictures: batch, prompts: 'whole' },
    keeper?.onAnswered,
  );
  try {
    await openFolder(folder);
    unlock = await lockRun(folder);
    const identity = harvestIdentity(model.files, load, settings, dialogues, read.hashes);
    started = await beginHarvest(folder, identity, started);
    const store = await openPartStore(folder);
    // A harvest that was killed after its last step finds its own file there, and none of it is left to do.
    if (isThere && store.facts.size < dialogues.length) throw taken(out);
    onBegin();
    const done = dialogues.filter((_, index) => store.facts.has(index));
    tell(harvestNotice(job, dialogues, done.length, model.info.precision));

    const turnsOf = (some: readonly Dialogue[]) => plannedTurns(some, settings);
    const meter = createProgressMeter(turnsOf(dialogues), turnsOf(done), host.clock);
    const settled = keeper?.settled ?? (async () => {});
    const work = { engine, batch, dialogues, settings, store, skipBad, saveEvery, settled };
    const complete = await harvest(work, {
      clock: host.clock,
      cancelled,
      onProgress: (tokens, ended) => {
        meter.count(turnsOf(ended.map(({ dialogue }) => dialogue)), tokens);
        onProgress(meter.progress);
      },
    });
    if (complete) await store.finish(out);
    if (features && cache) tell(keptNotice(features.folder, cache.counts));
    tell(
      complete
        ? harvestSummary(out, [...store.facts.values()])
        : stopNotice(store.facts.size, dialogues.length),
    );
    return complete;
  } finally {
    await unlock();
    await rmdir(folder).catch(() => {}); // it goes once nothing is in it
    await engine.dispose();
  }
}

/** Keys and values that are kept for next questions of dialogues. */
const KEPT_BYTES = 2 ** 32;

const openCache = (
  features: NonNullable<HarvestJob['features']>,
  now: () => Date,
  tell: (text: string) => void,
): Promise<FeatureCache> =>
  openFeatureCache({ ...features, now, onWarning: (message) => tell(`${message}\n`) });

const taken = (out: string) =>
  new OptionError('out', `${out} is there already; choose another file, or move it away.`);

async function openFolder(folder: string): Promise<void> {
  try {
    await makeFolder(folder);
  } catch (cause) {
    throw ioError(folder, cause);
  }
}
