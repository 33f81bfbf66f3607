/**
 * Text to ids and back, equal to Hugging Face's fast tokenizers. @huggingface/tokenizers does the normalising, word
 * cutting and BPE; cutting out added tokens (so that a guard can switch one off) and decoding are ours.
 */
import { Tokenizer as Library } from '@huggingface/tokenizers';
import { TokenizerError } from '../contracts/errors.ts';
import { type AddedToken, createSplitter } from './added-tokens.ts';
import { compileDecoder } from './decode-ids.ts';
import { createDetokenizer, type TokenTexts } from './detokenize.ts';
import { type TokenBytes, tokenBytes } from './token-bytes.ts';
import { readTokenizerJson } from './tokenizer-json.ts';

export interface Tokenizer extends TokenTexts {
  /** Highest id plus one; a model's embedding table may be longer. */
  readonly vocabSize: number;
  /** Spellings of the special tokens. */
  readonly specialTokens: readonly string[];
  /** `bos_token` → `<s>` and so on, as chat templates see them. */
  readonly namedTokens: Readonly<Record<string, string>>;
  /**
   * Ids of a text; `addSpecialTokens` lets the post-processor put its own around it (BOS for LLaMA). The character
   * `guard` is left out of the text, but an added token that it stands in is read as ordinary characters.
   */
  encode(text: string, options: { addSpecialTokens: boolean; guard?: string }): Int32Array;
  /** Text of ids as Hugging Face's `decode` gives it. */
  decode(ids: Iterable<number>, options: { skipSpecialTokens: boolean }): string;
  tokenId(token: string): number | undefined;
  /** What each token writes; null where that depends on its neighbours. */
  readonly bytes: TokenBytes | null;
}

/** Builds the tokenizer from the parsed JSON of the two files. Throws TokenizerError when they can't be used. */
export function createTokenizer(tokenizerJson: unknown, tokenizerConfig: unknown): Tokenizer {
  const spec = readTokenizerJson(tokenizerJson, tokenizerConfig);
  const openTextStream = compileDecoder(spec.decoder, spec.cleanUpSpaces);
  const { model, normalizer, pre_tokenizer } = openLibrary(spec.library);
  const normalise = (text: string) => normalizer?.normalize(text) ?? text;

  const cutGiven = createSplitter(bySpelling(spec.added, false, (content) => content));
  const cutNormalised = createSplitter(bySpelling(spec.added, true, normalise));
  const texts = [...model.vocab];
  for (const { id, content } of spec.added) texts[id] = content;
  const idOf = new Map<string, number>(model.tokens_to_ids);
  for (const { id, content } of spec.added) idOf.set(content, id);
  const special = new Set(spec.added.filter((token) => token.special).map((token) => token.id));

  /** Text without added tokens; `first` tells whether it opens the whole text. */
  function encodePlain(text: string, first: boolean): number[] {
    const place = { section_index: first ? 0 : 1 };
    const words = pre_tokenizer?.pre_tokenize(text, place) ?? [text];
    const tokens: string[] = model(words);
    return tokens.flatMap((token) => model.tokens_to_ids.get(token) ?? []);
  }

  const tokenizer: Tokenizer = {
    vocabSize: texts.length,
    specialTokens: spec.added.filter((token) => token.special).map((token) => token.content),
    namedTokens: spec.namedTokens,
    encode(text, { addSpecialTokens, guard = '' }) {
      const ids: number[] = [];
      for (const outer of cutGiven(text)) {
        if ('token' in outer) {
          ids.push(outer.token.id);
          continue;
        }
        for (const inner of cutNormalised(normalise(outer.text))) {
          const plain = 'token' in inner ? '' : inner.text.replaceAll(guard, '');
          if ('token' in inner) ids.push(inner.token.id);
          else if (plain !== '') {
            for (const id of encodePlain(plain, outer.start + inner.start === 0)) ids.push(id);
          }
        }
      }
      return Int32Array.from(addSpecialTokens ? [...spec.prefix, ...ids, ...spec.suffix] : ids);
    },
    decode(ids, options) {
      const detokenizer = createDetokenizer(tokenizer, options);
      const pieces: string[] = [];
      for (const id of ids) pieces.push(detokenizer.push(id));
      return pieces.join('') + detokenizer.flush();
    },
    bytes: tokenBytes(spec.decoder, spec.cleanUpSpaces),
    tokenId: (token) => idOf.get(token),
    tokenText: (id) => texts[id],
    isSpecial: (id) => special.has(id),
    openTextStream,
  };
  return tokenizer;
}

function bySpelling(
  added: readonly AddedToken[],
  normalized: boolean,
  spelling: (content: string) => string,
): Map<string, AddedToken> {
  const wanted = added.filter((token) => token.normalized === normalized);
  return new Map(wanted.map((token) => [spelling(token.content), token]));
}

function openLibrary(spec: object) {
  try {
    const { model, normalizer, pre_tokenizer } = new Library(spec, {});
    if (model === null) throw new Error('it has no model');
    return { model, normalizer, pre_tokenizer };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new TokenizerError(`tokenizer.json can't be used (${problem}); fetch it again.`, {
      cause: error,
    });
  }
}
