import { expect, it } from 'vitest';
import { headTokens } from './head-tokens.ts';

it('the most frequent tokens of replies are kept, ascending, and of equals the lower ids', () => {
  const dialogues = [
    { ids: Int32Array.of(9, 9, 9, 5, 7, 7), reply: Uint8Array.of(0, 0, 0, 1, 1, 1) },
    { ids: Int32Array.of(3, 2, 900), reply: Uint8Array.of(1, 1, 1) },
  ];
  expect(headTokens(dialogues, 3, 100)).toEqual([2, 3, 7]);
});
