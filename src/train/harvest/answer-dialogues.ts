import {
  ChatTemplateError,
  ContextLengthError,
  ImageError,
  type MsdError,
  PlaceholderError,
} from '../../contracts/errors.ts';
import { readPictures } from '../../engine/border/read-pictures.ts';
import type { Engine } from '../../engine/engine.ts';
import { readPicture } from '../../input/node/read-picture.ts';
import type { Dialogue } from '../data/dialogue.ts';
import { type Answered, type Ask, converse } from './converse.ts';
import type { HarvestSettings } from './harvest-settings.ts';

/** A dialogue and its place among all of the run. */
export interface Numbered {
  readonly index: number;
  readonly dialogue: Dialogue;
}

/** How a dialogue ended: answered, or refused because it can't be asked. */
export type Outcome = Numbered & ({ readonly answered: Answered } | { readonly refused: MsdError });

export interface AnswerHooks {
  readonly cancelled: () => boolean;
  /** After each pass of an answer: the tokens that it wrote. */
  readonly onTokens: (tokens: number) => void | Promise<void>;
  readonly onOutcome: (outcome: Outcome) => void | Promise<void>;
}

/**
 * Lets the target answer dialogues, so many at a time that share its passes: where one ends, the next takes its place.
 * Once it is cancelled, dialogues under way are given up.
 *
 * @throws what a hook throws, or what answering throws that is not the dialogue's own fault
 */
export async function answerDialogues(
  engine: Pick<Engine, 'generate'>,
  dialogues: Iterable<Numbered>,
  settings: HarvestSettings,
  batch: number,
  { cancelled, onTokens, onOutcome }: AnswerHooks,
): Promise<void> {
  const waiting = dialogues[Symbol.iterator]();
  const cancel = new AbortController();
  let broken: { readonly error: unknown } | undefined;
  const stop = (error: unknown) => {
    broken ??= { error };
    cancel.abort();
  };
  const ask: Ask = async (request) =>
    engine.generate(
      await readPictures(request, readPicture, cancel.signal),
      (events) => {
        if (cancelled()) cancel.abort();
        const tokens = events.filter(({ type }) => type === 'token').length;
        if (tokens > 0) Promise.resolve(onTokens(tokens)).catch(stop);
      },
      cancel.signal,
    );
  const seat = async () => {
    for (let next = waiting.next(); !next.done; next = waiting.next()) {
      const outcome = await outcomeOf(ask, next.value, settings);
      if (broken !== undefined || cancelled()) return;
      await onOutcome(outcome);
    }
  };
  await Promise.all(Array.from({ length: batch }, () => seat().catch(stop)));
  if (broken !== undefined) throw broken.error;
}

async function outcomeOf(
  ask: Ask,
  { index, dialogue }: Numbered,
  settings: HarvestSettings,
): Promise<Outcome> {
  try {
    return { index, dialogue, answered: await converse(ask, dialogue, index, settings) };
  } catch (error) {
    if (isRefusal(error)) return { index, dialogue, refused: error };
    throw error;
  }
}

/** What is wrong with a dialogue, not with the model. */
function isRefusal(error: unknown): error is MsdError {
  const kinds = [ContextLengthError, ImageError, PlaceholderError, ChatTemplateError];
  return kinds.some((kind) => error instanceof kind);
}
