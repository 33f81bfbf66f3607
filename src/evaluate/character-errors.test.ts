import { expect, it } from 'vitest';
import { characterErrors } from './character-errors.ts';

it('counts edits, any white space being one space', () => {
  expect(characterErrors('one\ntwo', ' one   two ')).toEqual({ errors: 0, of: 7 });
  expect(characterErrors('kitten', 'sitting')).toEqual({ errors: 3, of: 6 });
  expect(characterErrors('abc', '')).toEqual({ errors: 3, of: 3 });
});
