/**
 * Added tokens (specials and the like) are cut out of a text before the model's own tokenising, as the tokenizers
 * library behind Hugging Face does: leftmost first, longest first, with its single-word and strip rules.
 */

/** One entry of `added_tokens` in tokenizer.json. */
export interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly singleWord: boolean;
  readonly lstrip: boolean;
  readonly rstrip: boolean;
  /** Matched in the normalised text rather than in the text as given. */
  readonly normalized: boolean;
  readonly special: boolean;
}

/** A stretch of plain text, or an added token that stood there. */
export type Segment =
  | { readonly text: string; readonly start: number }
  | { readonly token: AddedToken };

const WORD = '[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}]';
const ENDS_WITH_WORD = new RegExp(`${WORD}$`, 'u');
const STARTS_WITH_WORD = new RegExp(`^${WORD}`, 'u');
const SPACE_AT_END = /\p{White_Space}*$/u;
const SPACE_AT_START = /^\p{White_Space}*/u;

/** Builds the cutter for added tokens by the string that each is written as. */
export function createSplitter(
  tokens: ReadonlyMap<string, AddedToken>,
): (text: string) => Segment[] {
  if (tokens.size === 0) return (text) => (text === '' ? [] : [{ text, start: 0 }]);
  const longestFirst = [...tokens.keys()].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(longestFirst.map(quoted).join('|'), 'gu');
  return (text) => {
    const segments: Segment[] = [];
    let from = 0;
    for (const match of text.matchAll(pattern)) {
      const token = tokens.get(match[0]);
      let start = match.index;
      let end = start + match[0].length;
      if (token === undefined || (token.singleWord && !standsAlone(text, start, end))) continue;
      if (token.lstrip) start = Math.max(from, text.slice(0, start).search(SPACE_AT_END));
      if (token.rstrip) end += SPACE_AT_START.exec(text.slice(end))?.[0].length ?? 0;
      if (from < start) segments.push({ text: text.slice(from, start), start: from });
      segments.push({ token });
      from = end;
    }
    if (from < text.length) segments.push({ text: text.slice(from), start: from });
    return segments;
  };
}

function standsAlone(text: string, start: number, end: number): boolean {
  return !ENDS_WITH_WORD.test(text.slice(0, start)) && !STARTS_WITH_WORD.test(text.slice(end));
}

function quoted(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
