/** Ids to text as they come: pieces whose concatenation is the decoding of the whole list. */
import type { TextStream } from './decode-steps.ts';

/** What detokenising needs of a tokenizer. */
export interface TokenTexts {
  /** The token's own spelling in the vocabulary, or undefined for ids that the tokenizer lacks. */
  tokenText(id: number): string | undefined;
  isSpecial(id: number): boolean;
  openTextStream(): TextStream;
}

/** Shows the text of one answer while its ids arrive. */
export interface Detokenizer {
  /** Text that is settled by this id; never ends in half a character, may be empty. */
  push(id: number): string;
  /** The rest, once no id will follow. */
  flush(): string;
}

/**
 * Opens a detokenizer for one text. Special tokens are skipped unless `skipSpecialTokens` is false; ids that the
 * tokenizer lacks give no text, as in Hugging Face. Bytes of a byte-fallback run wait for the run's end, because one
 * wrong byte turns the whole run into U+FFFD there.
 */
export function createDetokenizer(
  tokenizer: TokenTexts,
  { skipSpecialTokens = true }: { skipSpecialTokens?: boolean } = {},
): Detokenizer {
  const stream = tokenizer.openTextStream();
  return {
    push(id) {
      const token = tokenizer.tokenText(id);
      if (token === undefined || (skipSpecialTokens && tokenizer.isSpecial(id))) return '';
      return stream.push(token);
    },
    flush: () => stream.flush(),
  };
}

/** The text of one token by itself, special tokens by their names; empty for ids that the tokenizer lacks. */
export function loneText(tokenizer: TokenTexts, id: number): string {
  const detokenizer = createDetokenizer(tokenizer, { skipSpecialTokens: false });
  return detokenizer.push(id) + detokenizer.flush();
}
