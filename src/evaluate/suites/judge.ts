import type { SuiteItem } from './suite.ts';

/** Whether an answer names what it should, by whole words in any case, singular or plural; or says yes or no first. */
export function isRight(answer: string, { answers }: Pick<SuiteItem, 'answers'>): boolean {
  const said = wordsOf(answer);
  if ('says' in answers) return said[0] === answers.says;
  return answers.words.some((phrase) => contains(said, wordsOf(phrase)));
}

/** Lower case, without accents and signs, and without the plural's s. */
function wordsOf(text: string): string[] {
  const plain = text
    .normalize('NFD')
    .replace(/\p{M}|['’]/gu, '')
    .toLowerCase();
  return (plain.match(/[\p{L}\p{N}]+/gu) ?? []).map(singular);
}

function singular(word: string): string {
  if (word.length <= 3 || word.endsWith('ss')) return word;
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  return word.replace(/(?<=ch|sh|x|ss)es$|s$/, '');
}

/** Whether a phrase stands in a text, its words next to each other. */
function contains(text: readonly string[], phrase: readonly string[]): boolean {
  if (phrase.length === 0) return false;
  return text.some((_, at) => phrase.every((word, offset) => text[at + offset] === word));
}
