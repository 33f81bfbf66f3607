import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createWordWrap } from './word-wrap.ts';

/** The text as it is shown, given in these pieces. */
function wrapped(pieces: readonly string[], columns: number): string {
  const wrap = createWordWrap(() => columns);
  const shown = pieces.flatMap((text) => wrap.push({ text, drafted: false }));
  return [...shown, ...wrap.flush()].map(({ text }) => text).join('');
}

it('breaks between words, wherever the pieces end', () => {
  const lines = 'one two\nthree\nfour';
  expect(wrapped(['one two three four'], 8)).toBe(lines);
  expect(wrapped([...'one two three four'], 8)).toBe(lines);
});

it('leaves what fits, line ends and indentation as they are', () => {
  const text = 'def f(x):\n    return x  # y\n\n- a\n';
  expect(wrapped([text], 40)).toBe(text);
});

it('leaves a word that is longer than a line to the terminal', () => {
  expect(wrapped(['a ', 'b'.repeat(20), ' c'], 8)).toBe(`a\n${'b'.repeat(20)}\nc`);
});

it('breaks before any character of scripts without spaces, which take two columns', () => {
  expect(wrapped(['日本語の文章です'], 6)).toBe('日本語\nの文章\nです');
});

it('shows a word once it is whole, and marks each part of it', () => {
  const wrap = createWordWrap(() => 80);
  expect(wrap.push({ text: 'a wo', drafted: false })).toEqual([{ text: 'a', drafted: false }]);
  expect(wrap.push({ text: 'rd.', drafted: true })).toEqual([]);
  expect(wrap.flush()).toEqual([
    { text: ' ', drafted: false },
    { text: 'wo', drafted: false },
    { text: 'rd.', drafted: true },
  ]);
});

it('loses nothing but the spaces that it breaks at', () => {
  const piece = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n', '日', 'é', '😀', '\t') });
  fc.assert(
    fc.property(fc.array(piece), fc.integer({ min: 1, max: 30 }), (pieces, columns) => {
      const bare = (text: string) => text.replaceAll(/\s/g, '');
      expect(bare(wrapped(pieces, columns))).toBe(bare(pieces.join('')));
    }),
  );
});
