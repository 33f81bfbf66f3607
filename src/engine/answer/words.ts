import { loneText } from '../../input/detokenize.ts';
import type { PromptReader } from './read-prompt.ts';
import { readPrompt } from './read-prompt.ts';
import type { Request } from './resolve-options.ts';

/** What may be asked of a model's tokenizer: ids of a text, or of a request without pictures as it is read, or a text of ids. */
export type WordsAsked =
  | { readonly kind: 'text'; readonly text: string; readonly addSpecialTokens: boolean }
  | {
      readonly kind: 'request';
      readonly request: Pick<Request, 'messages' | 'tools' | 'documents'>;
    }
  | { readonly kind: 'ids'; readonly ids: readonly number[] };

export interface Words {
  readonly ids: readonly number[];
  /** Of each id, alone; U+FFFD where it is a part of a character. */
  readonly tokens: readonly string[];
  readonly text: string;
}

/**
 * Text and tokens of each other.
 * @throws ContextLengthError, PromptError, PlaceholderError, ChatTemplateError of requests
 */
export function wordsOf(model: PromptReader, asked: WordsAsked): Words {
  const { tokenizer } = model;
  const of = (ids: readonly number[], text: string): Words => ({
    ids,
    tokens: ids.map((id) => loneText(tokenizer, id)),
    text,
  });
  switch (asked.kind) {
    case 'text': {
      const { text, addSpecialTokens } = asked;
      return of([...tokenizer.encode(text, { addSpecialTokens })], text);
    }
    case 'request': {
      const { ids, text } = readPrompt(model, asked.request, []);
      return of([...ids], text);
    }
    case 'ids':
      return of(asked.ids, tokenizer.decode(asked.ids, { skipSpecialTokens: false }));
  }
}
