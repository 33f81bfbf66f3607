/** A dialogue to the ids that the networks read, with a mark at every token that the assistant is to learn. */
import type { PictureLayout } from '../../contracts/image.ts';
import type { ChatTemplate } from '../../input/chat-template.ts';
import {
  encodeRendered,
  specialSpellings,
  widenPlaceholders,
} from '../../input/encode-rendered.ts';
import { mropePositions } from '../../input/mrope-positions.ts';
import type { Tokenizer } from '../../input/tokenizer.ts';
import type { Dialogue, TokenisedDialogue } from './dialogue.ts';
import { findReplies } from './find-replies.ts';

/** How a dialogue is read. */
export interface DialogueReading {
  readonly tokenizer: Tokenizer;
  readonly template: ChatTemplate;
  /** Absent where the model reads no pictures. */
  readonly imageTokenId: number | undefined;
  /** What the placeholder of each picture becomes. */
  readonly layouts: readonly PictureLayout[]; // [pictures]
  readonly maxTokens: number;
}

/**
 * Renders a dialogue as serving does (special tokens that people typed stay text), encodes it whole and marks the
 * replies, end tokens included. A token that joins the end of a generation prompt to a reply's beginning is marked, one
 * that joins a reply's end to what follows is not.
 *
 * Returns `tooLong`, the number of ids, where they are more than `maxTokens`. Throws PlaceholderError unless the template writes one placeholder per picture, and
 * ChatTemplateError when it refuses the messages or replies can't be told apart in what it writes.
 */
export function tokeniseDialogue(
  { place, messages, images }: Dialogue,
  { tokenizer, template, imageTokenId, layouts, maxTokens }: DialogueReading,
): TokenisedDialogue | { readonly tooLong: number } {
  const { guarded, guard, replies } = findReplies(messages, template, {
    specials: specialSpellings(tokenizer, imageTokenId),
    eos: tokenizer.namedTokens.eos_token,
  });
  const encode = (text: string) => encodeRendered(tokenizer, { guarded: text, guard }, true);
  const rendered = encode(guarded);
  const { ids, spans } = widenPlaceholders(rendered, imageTokenId, layouts);
  if (ids.length > maxTokens) return { tooLong: ids.length };

  /** Tokens of the whole that end before the character at `end`. */
  const tokensBefore = (end: number) => commonPrefix(encode(guarded.slice(0, end)), rendered);
  const reply = new Uint8Array(ids.length);
  const widened = (index: number) => widenedIndex(rendered, index, imageTokenId, layouts);
  for (const { start, end } of replies) {
    reply.fill(1, widened(tokensBefore(start)), widened(tokensBefore(end)));
  }
  const positions = mropePositions(ids.length, spans, layouts);
  return { place, images, ids, spans, reply, ...(positions && { positions }) };
}

function commonPrefix(a: Int32Array, b: Int32Array): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}

/** Where the token at `index` stands once the placeholders before it are widened. */
function widenedIndex(
  rendered: Int32Array,
  index: number,
  imageTokenId: number | undefined,
  layouts: readonly PictureLayout[],
): number {
  const before = rendered.subarray(0, index).filter((id) => id === imageTokenId).length;
  return layouts.slice(0, before).reduce((sum, { ids }) => sum + ids.length - 1, index);
}
