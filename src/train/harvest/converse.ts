import { ContextLengthError } from '../../contracts/errors.ts';
import type { FinishReason } from '../../contracts/generate.ts';
import type { PromptIds } from '../../contracts/messages.ts';
import type { Picture } from '../../engine/answer/picture.ts';
import { readPrompt } from '../../engine/answer/read-prompt.ts';
import { runLayout } from '../../input/encode-rendered.ts';
import type { NormalMessage } from '../../input/messages.ts';
import type { Dialogue } from '../data/dialogue.ts';
import { llavaOnly } from '../llava-only.ts';
import { answerTurn } from './answer-turn.ts';
import type { BatchModel } from './batch-model.ts';
import type { HarvestSettings } from './harvest-settings.ts';
import type { Prediction } from './lanes.ts';
import { turnSeed } from './turn-seed.ts';

/** What is known of one of the target's answers. */
interface Answer {
  readonly finish: FinishReason;
  readonly tokens: number;
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

/**
 * A dialogue in one lane, as a state machine: it gives each token that is to be read and takes what follows it, so that
 * many dialogues advance in one pass. It ends before a later turn that does not fit the context any more, before an empty
 * answer, from which nothing can be learned, and, if asked, before one that was cut.
 *
 * @param index the dialogue's place among all of the run
 * @throws ContextLengthError if not even the first turn fits, ImageError, PlaceholderError, ChatTemplateError
 */
export async function* converse(
  model: BatchModel,
  lane: number,
  { messages, images }: Pick<Dialogue, 'messages' | 'images'>,
  index: number,
  settings: HarvestSettings,
): AsyncGenerator<number, Answered, Prediction> {
  const pictures: Picture[] = [];
  const answers: Answer[] = [];
  let said: readonly NormalMessage[] = []; // so far, in the target's own words
  let held: readonly number[] = []; // ids in the lane
  for (const message of messages) {
    if (message.role === 'assistant') continue;
    if (message.role !== 'user') {
      said = [...said, message];
      continue;
    }
    const asked = [...said, message];
    const shown = images.slice(0, countImages(asked));
    const text = promptOf(model, asked, shown, answers.length === 0);
    if (text === null) break;
    for (const image of shown.slice(pictures.length)) {
      pictures.push({ digest: image, embeddings: await model.see(image) });
    }
    const seed = turnSeed(settings.sampling.seed, index, answers.length);
    const { maxTokens, sampling } = settings;
    model.lanes.truncate(lane, sharedLength(held, text.ids));
    const limits = { maxTokens, sampling: { ...sampling, seed } };
    const written = yield* answerTurn(model, lane, { ...text, pictures }, limits);
    if (written.text.trim() === '' || (settings.dropCut && written.finish === 'length')) break;
    held = [...text.ids, ...written.ids.slice(0, -1)]; // the last token was written, not read
    said = [...asked, { role: 'assistant', content: [{ type: 'text', text: written.text }] }];
    answers.push({ finish: written.finish, tokens: written.ids.length, seed });
    if (settings.turns === 'first') break;
  }
  return { messages: said, images: images.slice(0, countImages(said)), answers };
}

/** The prompt up to the answer; null for a later turn that does not fit. */
function promptOf(
  model: BatchModel,
  messages: readonly NormalMessage[],
  images: readonly string[],
  first: boolean,
): PromptIds | null {
  try {
    const { imageTokenId, imageTokens } = llavaOnly(model.files.config);
    const layout = runLayout(imageTokenId, imageTokens);
    const layouts = images.map(() => layout);
    return readPrompt({ ...model, target: model.lanes }, { messages }, layouts);
  } catch (error) {
    if (error instanceof ContextLengthError && !first) return null;
    throw error;
  }
}

function countImages(messages: readonly NormalMessage[]): number {
  return messages.flatMap(({ content }) => content.filter(({ type }) => type === 'image')).length;
}

/**
 * Tokens of the prompt that the lane already holds; the last one is read again, for what follows it. Equal placeholders
 * are equal pictures: a dialogue's pictures keep their order.
 */
function sharedLength(held: readonly number[], ids: Int32Array): number {
  const end = Math.min(held.length, ids.length - 1);
  for (let i = 0; i < end; i++) if (held[i] !== ids[i]) return i;
  return end;
}
