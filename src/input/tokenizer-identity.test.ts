import { expect, it } from 'vitest';
import { tokenizerIdentity } from './tokenizer-identity.ts';

const identity = (...tokens: (string | undefined)[]) =>
  tokenizerIdentity({ vocabSize: tokens.length, tokenText: (id) => tokens[id] });

it('tells tokenizers apart by their tokens and the order of these', async () => {
  const all = [['a', 'b'], ['b', 'a'], ['a'], ['a', undefined], ['a', 'b', 'c'], ['a,b']];
  const names = await Promise.all(all.map((tokens) => identity(...tokens)));
  expect(new Set(names).size).toBe(all.length);
  expect(await identity('a', 'b')).toBe(names[0]);
});
