import { TrainingDataError } from '../../contracts/errors.ts';
import type { Engine } from '../../engine/engine.ts';
import type { Dialogue } from '../data/dialogue.ts';
import { answerDialogues, type Numbered } from './answer-dialogues.ts';
import { harvestLine } from './harvest-record.ts';
import type { HarvestSettings } from './harvest-settings.ts';
import type { PartStore } from './part-store.ts';

export interface Harvest {
  readonly engine: Pick<Engine, 'generate'>;
  /** Dialogues that are answered at a time. */
  readonly batch: number;
  readonly dialogues: readonly Dialogue[];
  readonly settings: HarvestSettings;
  /** Dialogues that it holds are not answered again. */
  readonly store: PartStore;
  /** Leave out dialogues that can't be asked, instead of stopping at the first. */
  readonly skipBad: boolean;
  /** Seconds between saves. */
  readonly saveEvery: number;
  /** Of what else is kept of answers: awaited before their lines are saved. */
  readonly settled: () => Promise<void>;
}

/** What a harvest needs of its surroundings. */
export interface HarvestHooks {
  /** Milliseconds, from any zero. */
  readonly clock: () => number;
  readonly cancelled: () => boolean;
  /** Tokens that were written, and the dialogues that ended with them. */
  readonly onProgress: (tokens: number, ended: readonly Numbered[]) => void;
}

/** A part has this many dialogues at most, however fast the model is. */
const MOST_LINES = 1000;

/**
 * Lets the target answer all dialogues that the store lacks, and saves them there from time to time. Whatever ends it,
 * dialogues that have ended are saved.
 *
 * @returns whether all are answered; false once it is cancelled
 * @throws TrainingDataError naming the first dialogue that can't be asked, unless `skipBad`
 */
export async function harvest(
  { engine, batch, dialogues, settings, store, skipBad, saveEvery, settled }: Harvest,
  { clock, cancelled, onProgress }: HarvestHooks,
): Promise<boolean> {
  const waiting = dialogues
    .map((dialogue, index) => ({ index, dialogue }))
    .filter(({ index }) => !store.facts.has(index));
  let saved = clock();
  const saveInTime = async () => {
    if (store.unsaved < MOST_LINES && clock() - saved < 1000 * saveEvery) return;
    saved = clock();
    await settled();
    await store.save();
  };
  try {
    await answerDialogues(engine, waiting, settings, batch, {
      cancelled,
      onTokens(tokens) {
        onProgress(tokens, []);
        return saveInTime();
      },
      onOutcome(outcome) {
        if ('refused' in outcome && !skipBad) {
          const problem = { ...outcome.dialogue.place, reason: outcome.refused.message };
          throw new TrainingDataError([problem], dialogues.length - 1);
        }
        store.add(harvestLine(outcome));
        onProgress(0, [outcome]);
        return saveInTime();
      },
    });
    return !cancelled();
  } finally {
    await settled();
    await store.save();
  }
}
