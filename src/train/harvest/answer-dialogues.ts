import {
  ChatTemplateError,
  ContextLengthError,
  ImageError,
  type MsdError,
  PlaceholderError,
} from '../../contracts/errors.ts';
import type { Dialogue } from '../data/dialogue.ts';
import { wantOf } from './answer-turn.ts';
import type { BatchModel } from './batch-model.ts';
import { type Answered, converse } from './converse.ts';
import type { HarvestSettings } from './harvest-settings.ts';
import type { Prediction } from './lanes.ts';

/** A dialogue and its place among all of the run. */
export interface Numbered {
  readonly index: number;
  readonly dialogue: Dialogue;
}

/** How a dialogue ended: answered, or refused because it can't be asked. */
export type Outcome = Numbered & ({ readonly answered: Answered } | { readonly refused: MsdError });

/** What one step of the batch did. */
export interface BatchStep {
  /** Tokens that its pass read. */
  readonly tokens: number;
  readonly outcomes: readonly Outcome[];
}

/**
 * Lets the target answer dialogues, as many at a time as there are lanes: a pass reads one token of each, and where a
 * dialogue ends the next one takes its lane. Stops after every pass, and after every prompt of a dialogue's first turn.
 */
export async function* answerDialogues(
  model: BatchModel,
  dialogues: Iterable<Numbered>,
  settings: HarvestSettings,
): AsyncGenerator<BatchStep, void> {
  const { lanes } = model;
  const waiting = dialogues[Symbol.iterator]();
  const seats = new Map<number, Seat>();
  /** Seats a dialogue with the token that it wants next, or clears its lane and tells how it ended. */
  const advance = async (
    lane: number,
    seat: Omit<Seat, 'token'>,
    seen: Prediction | null,
  ): Promise<Outcome[]> => {
    const next = await advanceTalk(seat, seen);
    if ('token' in next) {
      seats.set(lane, { ...seat, token: next.token });
      return [];
    }
    seats.delete(lane);
    lanes.truncate(lane, 0);
    return [{ index: seat.index, dialogue: seat.dialogue, ...next }];
  };

  for (;;) {
    for (let lane = 0; lane < lanes.count; lane++) {
      while (!seats.has(lane)) {
        const next = waiting.next();
        if (next.done) break;
        const { index, dialogue } = next.value;
        const talk = converse(model, lane, dialogue, index, settings);
        yield { tokens: 0, outcomes: await advance(lane, { index, dialogue, talk }, null) };
      }
    }
    const seated = [...seats];
    if (seated.length === 0) return;
    const reading = seated.map(([lane, { token }]) => ({ lane, id: token }));
    const seen = await lanes.step(reading, wantOf(settings.sampling));
    const outcomes: Outcome[] = [];
    for (const [at, [lane, seat]] of seated.entries()) {
      outcomes.push(...(await advance(lane, seat, seen[at] as Prediction)));
    }
    yield { tokens: seated.length, outcomes };
  }
}

/** A dialogue under way, and the token that it wants read. */
interface Seat extends Numbered {
  readonly talk: ReturnType<typeof converse>;
  readonly token: number;
}

async function advanceTalk(
  { talk }: Pick<Seat, 'talk'>,
  seen: Prediction | null,
): Promise<{ token: number } | { answered: Answered } | { refused: MsdError }> {
  try {
    const next = await (seen === null ? talk.next() : talk.next(seen));
    return next.done ? { answered: next.value } : { token: next.value };
  } catch (error) {
    if (isRefusal(error)) return { refused: error };
    throw error;
  }
}

/** What is wrong with a dialogue, not with the model. */
function isRefusal(error: unknown): error is MsdError {
  const kinds = [ContextLengthError, ImageError, PlaceholderError, ChatTemplateError];
  return kinds.some((kind) => error instanceof kind);
}
