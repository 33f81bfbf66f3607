/** Messages to the ids that the model reads: rendered, tokenised, each picture's placeholder widened to its run. */
import type { PictureLayout } from '../contracts/image.ts';
import type { PromptIds } from '../contracts/messages.ts';
import type { ChatTemplate } from './chat-template.ts';
import { checkOffered } from './check-offered.ts';
import { encodeRendered, specialSpellings, widenPlaceholders } from './encode-rendered.ts';
import type { NormalMessage, Offered } from './messages.ts';
import { mropePositions } from './mrope-positions.ts';
import { renderGuarded } from './render-guarded.ts';
import type { Tokenizer } from './tokenizer.ts';

/**
 * Builds the prompt up to where the assistant answers.
 *
 * `layouts` holds what the placeholder of each picture becomes, in order. Special tokens written in the
 * messages stay text and count as no placeholder. Throws PlaceholderError unless the template writes one placeholder
 * per picture, ChatTemplateError when it refuses the messages or has no place for the tools or documents.
 */
export function buildPrompt({
  tokenizer,
  template,
  messages,
  offered = {},
  imageTokenId,
  layouts,
}: {
  tokenizer: Tokenizer;
  template: ChatTemplate;
  messages: readonly NormalMessage[];
  offered?: Offered;
  /** Absent where the model reads no pictures. */
  imageTokenId: number | undefined;
  layouts: readonly PictureLayout[]; // [pictures]
}): PromptIds {
  checkOffered(template, messages, offered);
  const rendered = renderGuarded(
    ({ messages, ...beside }) => template(messages, { addGenerationPrompt: true, ...beside }),
    { messages, ...offered },
    specialSpellings(tokenizer, imageTokenId),
  );
  const ids = encodeRendered(tokenizer, rendered, imageTokenId !== undefined);
  const widened = widenPlaceholders(ids, imageTokenId, layouts);
  const positions = mropePositions(widened.ids.length, widened.spans, layouts);
  return { text: rendered.text, ...widened, ...(positions && { positions }) };
}
