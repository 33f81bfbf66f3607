import { ContextLengthError } from '../../contracts/errors.ts';
import type { FinishReason, GenerateResult } from '../../contracts/generate.ts';
import type { UnreadRequest } from '../../engine/answer/resolve-options.ts';
import type { NormalMessage } from '../../input/messages.ts';
import type { Dialogue } from '../data/dialogue.ts';
import type { HarvestSettings } from './harvest-settings.ts';
import { isKept } from './is-kept.ts';
import { turnSeed } from './turn-seed.ts';

/** What is known of one of the target's answers. */
interface Answer {
  readonly finish: FinishReason;
  readonly tokens: number;
  /** The tokens themselves, end token included: encoding the text again may give others. */
  readonly ids: readonly number[];
  /** What `msd run --seed` needs to write it again. */
  readonly seed: number;
}

/** A dialogue with the target's answers in place of the data's. */
export interface Answered {
  readonly messages: readonly NormalMessage[];
  readonly images: readonly string[];
  /** In the order of the assistant's messages; empty if nothing was kept. */
  readonly answers: readonly Answer[];
}

/** Lets the target answer one request. */
export type Ask = (request: UnreadRequest) => Promise<GenerateResult>;

/**
 * Asks the user's turns of a dialogue one after the other, each behind the target's own earlier answers. It ends before
 * a later turn that does not fit the context any more, before an empty answer, from which nothing can be learned, and,
 * if asked, before one that was cut or that goes round in circles.
 *
 * @param index the dialogue's place among all of the run
 * @throws ContextLengthError if not even the first turn fits, ImageError, PlaceholderError, ChatTemplateError
 */
export async function converse(
  ask: Ask,
  { messages, images }: Pick<Dialogue, 'messages' | 'images'>,
  index: number,
  settings: HarvestSettings,
): Promise<Answered> {
  const answers: Answer[] = [];
  let said: readonly NormalMessage[] = []; // so far, in the target's own words
  for (const message of messages) {
    if (message.role === 'assistant') continue;
    if (message.role !== 'user') {
      said = [...said, message];
      continue;
    }
    const asked = [...said, message];
    const seed = turnSeed(settings.sampling.seed, index, answers.length);
    const shown = images.slice(0, countImages(asked));
    const request = requestOf(asked, shown, { ...settings, seed });
    const written = await askIfItFits(ask, request, answers.length === 0);
    if (written === null || !isKept(written, settings)) break;
    said = [...asked, { role: 'assistant', content: [{ type: 'text', text: written.text }] }];
    const { ids, finishReason: finish } = written;
    answers.push({ finish, tokens: ids.length, ids, seed });
    if (settings.turns === 'first') break;
  }
  return { messages: said, images: images.slice(0, countImages(said)), answers };
}

/** Null for a later turn that does not fit. */
async function askIfItFits(
  ask: Ask,
  request: UnreadRequest,
  first: boolean,
): Promise<GenerateResult | null> {
  try {
    return await ask(request);
  } catch (error) {
    if (error instanceof ContextLengthError && !first) return null;
    throw error;
  }
}

/** In a batch there is no idle time to draft in. */
function requestOf(
  messages: readonly NormalMessage[],
  images: readonly string[],
  { sampling, seed, maxTokens }: HarvestSettings & { readonly seed: number },
): UnreadRequest {
  return {
    messages,
    images,
    sampling: { ...sampling, seed },
    maxTokens,
    stop: [],
    ignoreEos: false,
    topLogprobs: null,
    drafter: 'none',
    tree: 'auto',
  };
}

function countImages(messages: readonly NormalMessage[]): number {
  return messages.flatMap(({ content }) => content.filter(({ type }) => type === 'image')).length;
}
