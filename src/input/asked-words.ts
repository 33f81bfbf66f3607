/**
 * What of the words that were read of pictures a question is likely to be answered with: what stands behind the words that
 * it shares with a row, as an amount behind its label. A guess for drafts alone, in languages that write words apart; what the model writes is its own.
 */
import type { NormalMessage } from './messages.ts';
import type { Tokenizer } from './tokenizer.ts';

/** Answers that are told of a question. */
const MOST = 3;
/** Characters of a question that are looked at, its last ones: a question comes last. */
const LAST = 500;
/** Letters of a word beyond which a longer one tells no more. */
const LONG = 8;
/** Letters that two forms of a word share, at least, and as a share of the shorter one. */
const STEM = { letters: 4, share: 0.6 };
/** What the row below counts for, beside what stands in the row itself. */
const BELOW = 0.5;

/**
 * The likeliest first, in tokens as they would stand inside an answer.
 * @param rows that were read
 * @param messages without them
 */
export function askedWords(
  rows: readonly string[],
  messages: readonly Pick<NormalMessage, 'role' | 'content'>[],
  tokenizer: Pick<Tokenizer, 'encode'>,
): Int32Array[] {
  const asks = messages.findLast(({ role }) => role === 'user')?.content ?? [];
  const question = asks.flatMap((part) => (part.type === 'text' ? part.text : [])).join('\n');
  return askedTexts(rows, question).flatMap((words) => {
    const tokens = tokensInside(words, tokenizer);
    return tokens.length === 0 ? [] : [tokens];
  });
}

/** Rows' parts behind words of the question, those that share the most of it with the fewest others first. */
export function askedTexts(rows: readonly string[], question: string): string[] {
  const asked = [...new Set(wordsIn(question.slice(-LAST)).map(({ word }) => word))];
  const shared = rows.map((row) =>
    wordsIn(row).filter(({ word }) => asked.some((one) => isAlike(one, word))),
  );
  const own = shared.map((words) => [...new Set(words.map(({ word }) => word))]);
  const rowsWith = new Map<string, number>();
  for (const word of own.flat()) rowsWith.set(word, (rowsWith.get(word) ?? 0) + 1);
  const weigh = (word: string) => Math.min(word.length, LONG) / (rowsWith.get(word) as number);
  const found = shared.flatMap((words, at) => {
    const last = words.at(-1);
    if (last === undefined) return [];
    const score = (own[at] ?? []).reduce((sum, word) => sum + weigh(word), 0);
    return [
      { words: withoutMarks((rows[at] as string).slice(last.end)), score },
      { words: withoutMarks(rows[at + 1] ?? ''), score: BELOW * score },
    ];
  });
  const inOrder = found.sort((a, b) => b.score - a.score).map(({ words }) => words);
  return [...new Set(inOrder)].filter((words) => words !== '').slice(0, MOST);
}

/** Words, small, and where they end. */
const wordsIn = (text: string): { readonly word: string; readonly end: number }[] =>
  [...text.matchAll(/[\p{L}\p{N}\p{M}]+/gu)].map((match) => ({
    word: match[0].toLowerCase(),
    end: match.index + match[0].length,
  }));

/** Whether two words are one, or forms of one. */
function isAlike(one: string, other: string): boolean {
  if (one === other) return true;
  const shorter = Math.min(one.length, other.length);
  const stem = Math.max(STEM.letters, Math.ceil(STEM.share * shorter));
  return shorter >= stem && one.slice(0, stem) === other.slice(0, stem);
}

/** Without what stands between a label and its value. */
const withoutMarks = (text: string): string => text.replace(/^[\s:.,;|–—-]+/u, '').trimEnd();

/** Tokens of words that go on a text, as they are behind a mark that no word joins. */
function tokensInside(words: string, { encode }: Pick<Tokenizer, 'encode'>): Int32Array {
  const of = (text: string) => encode(text, { addSpecialTokens: false });
  const mark = of(':');
  const all = of(`: ${words}`);
  return mark.every((id, at) => all[at] === id) ? all.slice(mark.length) : new Int32Array();
}
