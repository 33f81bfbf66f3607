import { expect, it } from 'vitest';
import { tiedHead } from './tied-head.ts';

it.each([
  ['4.57 asks the section alone', '4.57.6', true, false, false],
  ['4.57 asks the section alone', '4.57.6', false, true, true],
  ['5 asks the root', '5.24.0', true, false, true],
  ['5 asks the root', '5.24.0', false, true, false],
  ['5 takes the section where the root is silent', '5.0.0', undefined, true, true],
  ['a file by hand is read as by 5', undefined, true, false, true],
])('%s: version %s, root %s, section %s', (_, version, root, section, tied) => {
  const fields = { transformers_version: version, tie_word_embeddings: root };
  expect(tiedHead(fields, section)).toBe(tied);
});
