import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSuffixIndex } from './suffix-index.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);
const texts = fc.array(fc.nat(3), { minLength: 1, maxLength: 60 });

function indexOf(text: readonly number[]) {
  const index = createSuffixIndex();
  for (const token of text) index.push(token);
  return index;
}

/** By definition: every earlier place that ends like the text, nearest first; those of a single token if no pair is there. */
function matchesOf(text: readonly number[]) {
  const all = text.slice(0, -1).flatMap((_, place) => {
    let length = 0;
    while (length <= place && length < 24 && text[place - length] === text.at(-1 - length))
      length++;
    return length > 0 ? [{ next: place + 1, length }] : [];
  });
  const pairs = all.filter(({ length }) => length > 1);
  return (pairs.length > 0 ? pairs : all).reverse();
}

describe('a suffix index', () => {
  it('finds the places that read like the end, nearest first', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 70 }), (text, most) => {
        expect(indexOf(text).matches(most)).toEqual(matchesOf(text).slice(0, most));
      }),
      { numRuns },
    );
  });

  it('is after a truncation as if the rest had never been there', () => {
    fc.assert(
      fc.property(texts, texts, fc.nat(60), (text, more, cut) => {
        const kept = cut % (text.length + 1);
        const index = indexOf(text);
        index.truncate(kept);
        expect(index.length).toBe(kept);
        for (const token of more) index.push(token);
        const whole = [...text.slice(0, kept), ...more];
        expect(index.matches(100)).toEqual(matchesOf(whole));
        expect(whole.map((_, place) => index.at(place))).toEqual(whole);
      }),
      { numRuns },
    );
  });

  it('has nothing in an empty text, and refuses to be cut to more than it has', () => {
    const index = createSuffixIndex();
    expect(index.matches(5)).toEqual([]);
    expect(() => index.truncate(1)).toThrow(RangeError);
  });
});
