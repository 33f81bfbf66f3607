import type { ChatMessage } from '../contracts/messages.ts';
import type { BenchPrompt } from './prompt-set.ts';

const WORDS =
  'the harbour lay quiet before dawn and a keeper walked along the wall with a lamp in one hand while boats came in from the north their sails wet and grey so that nobody on the quay could tell which of them had gone out first';

/**
 * A question over some text that the model reads as about so many tokens, and never as more. Texts of different numbers
 * begin differently, so that no cache of an earlier one helps.
 * @param read messages as ids
 */
export function longPrompt(
  tokens: number,
  number: number,
  read: (messages: readonly ChatMessage[]) => readonly number[],
): BenchPrompt {
  const words = WORDS.split(' ');
  const of = (count: number): BenchPrompt => {
    const text = Array.from({ length: count }, (_, at) => words[(at + number) % words.length]);
    const content = `Number ${number + 1}: ${text.join(' ')}. Continue.`;
    return { name: `${tokens} tokens`, images: 0, messages: [{ role: 'user', content }] };
  };
  let [low, high] = [0, tokens]; // a word is a token at least
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (read(of(middle).messages).length <= tokens) low = middle;
    else high = middle - 1;
  }
  return of(low);
}
