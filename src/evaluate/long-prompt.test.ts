import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ChatMessage } from '../contracts/messages.ts';
import { longPrompt } from './long-prompt.ts';

/** A token a letter, eight around them. */
const read = (messages: readonly ChatMessage[]) =>
  Array.from({ length: 8 + String(messages[0]?.content).length }, () => 1);

it('is as long as it can be without more tokens than wanted', () => {
  fc.assert(
    fc.property(fc.integer({ min: 40, max: 2000 }), fc.nat(20), (tokens, number) => {
      const length = read(longPrompt(tokens, number, read).messages).length;
      expect(length).toBeLessThanOrEqual(tokens);
      expect(length).toBeGreaterThan(tokens - 10); // the next word would be too much
    }),
  );
});

it('begins differently for each number', () => {
  const begins = Array.from({ length: 9 }, (_, number) =>
    String(longPrompt(200, number, read).messages[0]?.content).slice(0, 9),
  );
  expect(new Set(begins).size).toBe(9);
});
