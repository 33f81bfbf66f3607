/** An answer of the target as it was written, token by token, behind the prompt that it was asked with. */
import { mropePositions } from '../../input/mrope-positions.ts';
import { buildPrompt } from '../../input/prompt.ts';
import type { Tokenizer } from '../../input/tokenizer.ts';
import type { Dialogue, TokenisedDialogue } from './dialogue.ts';
import type { DialogueReading } from './tokenise-dialogue.ts';

/** The dialogue up to one of its answers. */
export interface AnsweredDialogue extends Dialogue {
  /** Tokens of the last message, which is the assistant's: its end token, if it has one, included. */
  readonly answer: Int32Array;
}

/**
 * The ids that the target read as it answered, prompt and answer, and the one that it wrote last, which it never read.
 * Returns `tooLong`, the number of ids, where they are more than `maxTokens`.
 */
export function tokeniseAnswer(
  { place, messages, images, answer }: AnsweredDialogue,
  { tokenizer, template, imageTokenId, layouts, maxTokens }: DialogueReading,
): TokenisedDialogue | { readonly tooLong: number } {
  const asked = messages.slice(0, -1);
  const prompt = buildPrompt({ tokenizer, template, messages: asked, imageTokenId, layouts });
  const length = prompt.ids.length + answer.length - 1;
  if (length > maxTokens) return { tooLong: length };
  const ids = new Int32Array(length);
  ids.set(prompt.ids);
  ids.set(answer.subarray(0, -1), prompt.ids.length);
  const reply = new Uint8Array(length).fill(1, prompt.ids.length);
  const positions = mropePositions(length, prompt.spans, layouts);
  return {
    ...{ place, images, ids, spans: prompt.spans, reply, end: answer.at(-1) as number },
    ...(positions && { positions }),
  };
}

/**
 * A dialogue as often as it was answered, each time up to one of the answers; nothing where its tokens are not known, or
 * where they are another tokenizer's: those do not spell what was said.
 */
export function answeredDialogues(dialogue: Dialogue, tokenizer: Tokenizer): AnsweredDialogue[] {
  const { messages, images, answers = [] } = dialogue;
  const ends = messages.flatMap(({ role }, at) => (role === 'assistant' ? [at + 1] : []));
  if (answers.length !== ends.length) return [];
  const all = answers.map((answer, turn) => {
    const upTo = messages.slice(0, ends[turn]);
    const shown = upTo.flatMap(({ content }) => content.filter(({ type }) => type === 'image'));
    return { ...dialogue, messages: upTo, images: images.slice(0, shown.length), answer };
  });
  const spells = ({ messages, answer }: AnsweredDialogue) => {
    const [said] = messages.at(-1)?.content ?? [];
    const text = tokenizer.decode(answer, { skipSpecialTokens: true });
    return said?.type === 'text' && said.text === text;
  };
  return all.every(spells) ? all : [];
}
