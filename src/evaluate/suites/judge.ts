import { characterErrors } from '../character-errors.ts';
import { holdsValue, isNear, picksFirst } from './judge-values.ts';
import { isRefusal } from './refusal-words.ts';
import type { SuiteItem } from './suite.ts';
import { holdsPhrase, plainText } from './text-words.ts';

/** Of a page's characters, those that may be read wrong. */
const MOST_WRONG = 0.02;

/** Whether an answer is right; null where nothing is judged. Words count whole, in any case, singular or plural. */
export function isRight(
  answer: string,
  { answers, question }: Pick<SuiteItem, 'answers' | 'question'>,
): boolean | null {
  if ('any' in answers) return null;
  if ('unknown' in answers) return isRefusal(answer);
  if ('values' in answers) return answers.values.some((value) => holdsValue(answer, value));
  if ('picks' in answers) return picksFirst(answer, answers);
  if ('near' in answers) return isNear(answer, question, answers);
  if ('reads' in answers) {
    const { errors, of } = characterErrors(answers.reads, answer);
    return errors <= MOST_WRONG * of;
  }
  const said = wordsOf(answer);
  if ('says' in answers) return said[0] === answers.says;
  return answers.words.some((phrase) => holdsPhrase(said, wordsOf(phrase)));
}

/** Without signs, and without the plural's s. */
const wordsOf = (text: string): string[] =>
  (plainText(text).match(/[\p{L}\p{N}]+/gu) ?? []).map(singular);

function singular(word: string): string {
  if (word.length <= 3 || word.endsWith('ss')) return word;
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  return word.replace(/(?<=ch|sh|x|ss)es$|s$/, '');
}
