import { describe, expect, it } from 'vitest';
import { characterErrors, orderKept } from './score.ts';

describe('characterErrors', () => {
  it('counts edits, any white space being one space', () => {
    expect(characterErrors('one\ntwo', ' one   two ')).toEqual({ errors: 0, of: 7 });
    expect(characterErrors('kitten', 'sitting')).toEqual({ errors: 3, of: 6 });
    expect(characterErrors('abc', '')).toEqual({ errors: 3, of: 3 });
  });
});

describe('orderKept', () => {
  it('keeps pairs of neighbours that were read in their order', () => {
    expect(orderKept(['one', 'two', 'three'], ['one', 'two', 'three'])).toEqual({ kept: 2, of: 2 });
    expect(orderKept(['one', 'two', 'three'], ['two', 'one', 'three'])).toEqual({ kept: 1, of: 2 });
  });

  it('counts no pair of which one was not read', () => {
    expect(orderKept(['one', 'two', 'three'], ['one', 'three'])).toEqual({ kept: 0, of: 0 });
  });

  it('takes the same words in the order they stand in', () => {
    expect(orderKept(['Off', 'On', 'Off'], ['Off', 'On', 'Off'])).toEqual({ kept: 2, of: 2 });
  });
});
