import type { CallFormat } from '../../calls/call-format.ts';
import { OptionError } from '../../contracts/errors.ts';
import type { GrammarState } from '../../contracts/grammar.ts';
import { type Expression, literal, MARKS, optional, sequence } from '../../grammar/expression.ts';
import { createTokenGrammar } from '../../grammar/token-grammar.ts';
import { createTokenTrie, type TokenTrie } from '../../grammar/token-trie.ts';
import type { Tokenizer } from '../../input/tokenizer.ts';

/** Grammars over a model's tokens. */
export interface Grammars {
  /**
   * The state before the first token of a text that an expression has. What answers find out of a grammar is kept for
   * later ones of the same name; the oldest beyond a few are given up.
   * @param name what it was made of
   * @throws OptionError where the tokenizer does not tell what its tokens write
   */
  open(name: string, expression: () => Expression): GrammarState;
}

/** Grammars whose states are kept. */
const KEPT = 16;

/**
 * @param vocabSize ids in all, as wide as the model's logits
 * @param endTokens those that end a text
 * @param format its marks may be special tokens, which are part of a grammar all the same
 */
export function createGrammars(
  tokenizer: Tokenizer,
  vocabSize: number,
  endTokens: readonly number[],
  format: CallFormat | null,
): Grammars {
  let trie: TokenTrie | undefined;
  const kept = new Map<string, GrammarState>();
  return {
    open(name, expression) {
      const { bytes } = tokenizer;
      if (bytes === null) {
        throw new OptionError(
          'responseFormat',
          "can't be kept with this model, whose tokens write other texts beside each other; leave it out.",
        );
      }
      trie ??= createTokenTrie(vocabularyOf(tokenizer, vocabSize, endTokens, format), vocabSize);
      const whole = bytes.dropsFirstSpace
        ? () => sequence(optional(literal(' ')), expression())
        : expression;
      const grammar = kept.get(name) ?? createTokenGrammar(whole(), trie, endTokens);
      kept.delete(name);
      kept.set(name, grammar);
      for (const old of [...kept.keys()].slice(0, -KEPT)) kept.delete(old);
      return grammar;
    },
  };
}

/** What each token writes; nothing for special ones, which are no part of a text. */
function vocabularyOf(
  tokenizer: Tokenizer,
  vocabSize: number,
  endTokens: readonly number[],
  format: CallFormat | null,
): Uint8Array[] {
  const nothing = new Uint8Array();
  const marks = new Map([
    [format?.begin ?? '', Uint8Array.of(MARKS.begin)],
    [format?.end ?? '', Uint8Array.of(MARKS.end)],
  ]);
  return Array.from({ length: vocabSize }, (_, id) => {
    const text = tokenizer.tokenText(id);
    if (text === undefined || endTokens.includes(id)) return nothing;
    if (tokenizer.isSpecial(id)) return marks.get(text) ?? nothing;
    return tokenizer.bytes?.of(text) ?? nothing;
  });
}
