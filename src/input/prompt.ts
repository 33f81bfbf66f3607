/** Messages to the ids that the model reads: rendered, tokenised, each picture's placeholder widened to its run. */
import { PlaceholderError } from '../contracts/errors.ts';
import type { PromptIds } from '../contracts/messages.ts';
import type { ChatTemplate } from './chat-template.ts';
import type { NormalMessage } from './messages.ts';
import { renderGuarded } from './render-guarded.ts';
import type { Tokenizer } from './tokenizer.ts';

/**
 * Builds the prompt up to where the assistant answers.
 *
 * `imageTokens` holds, for each picture in order, how many ids its placeholder becomes. Special tokens written in the
 * messages stay text and count as no placeholder. The tokenizer's own BOS is added as Hugging Face's processors do:
 * not when the template wrote it already. Throws PlaceholderError unless the template writes one placeholder per
 * picture, ChatTemplateError when it refuses the messages.
 */
export function buildPrompt({
  tokenizer,
  template,
  messages,
  imageTokenId,
  imageTokens,
}: {
  tokenizer: Tokenizer;
  template: ChatTemplate;
  messages: readonly NormalMessage[];
  imageTokenId: number;
  imageTokens: readonly number[]; // [pictures]
}): PromptIds {
  const imageToken = tokenizer.tokenText(imageTokenId);
  const specials = [...tokenizer.specialTokens, ...(imageToken === undefined ? [] : [imageToken])];
  const { text, guarded, guard } = renderGuarded(
    (given) => template(given, { addGenerationPrompt: true }),
    messages,
    specials,
  );
  const bos = tokenizer.namedTokens.bos_token;
  const addSpecialTokens = bos === undefined || !guarded.startsWith(bos);
  const rendered = tokenizer.encode(guarded, { addSpecialTokens, guard });

  const placeholders = rendered.filter((id) => id === imageTokenId).length;
  if (placeholders !== imageTokens.length) {
    throw new PlaceholderError(placeholders, imageTokens.length);
  }
  const ids: number[] = [];
  const spans: { start: number; length: number }[] = [];
  for (const id of rendered) {
    if (id !== imageTokenId) {
      ids.push(id);
      continue;
    }
    const length = imageTokens[spans.length] as number;
    spans.push({ start: ids.length, length });
    for (let i = 0; i < length; i++) ids.push(imageTokenId);
  }
  return { text, ids: Int32Array.from(ids), spans };
}
