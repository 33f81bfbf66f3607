/** From rendered text to what the model reads, for prompts and for the dialogues of training alike. */
import { PlaceholderError } from '../contracts/errors.ts';
import type { PromptIds } from '../contracts/messages.ts';
import type { GuardedText } from './render-guarded.ts';
import type { Tokenizer } from './tokenizer.ts';

/** Spellings that stay text where someone typed them. */
export function specialSpellings(tokenizer: Tokenizer, imageTokenId: number): string[] {
  const imageToken = tokenizer.tokenText(imageTokenId);
  return [...tokenizer.specialTokens, ...(imageToken === undefined ? [] : [imageToken])];
}

/**
 * Ids with one placeholder per picture. The tokenizer's own BOS is added as Hugging Face's processors do: not when the
 * template wrote it already.
 */
export function encodeRendered(
  tokenizer: Tokenizer,
  { guarded, guard }: Pick<GuardedText, 'guarded' | 'guard'>,
): Int32Array {
  const bos = tokenizer.namedTokens.bos_token;
  const addSpecialTokens = bos === undefined || !guarded.startsWith(bos);
  return tokenizer.encode(guarded, { addSpecialTokens, guard });
}

/**
 * Each placeholder becomes a run of as many as `imageTokens` says for its picture. Throws PlaceholderError unless there
 * is one placeholder per picture.
 */
export function widenPlaceholders(
  rendered: Int32Array, // [m]
  imageTokenId: number,
  imageTokens: readonly number[], // [pictures]
): Pick<PromptIds, 'ids' | 'spans'> {
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
  return { ids: Int32Array.from(ids), spans };
}
