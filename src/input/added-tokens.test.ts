import { describe, expect, it } from 'vitest';
import { type AddedToken, createSplitter } from './added-tokens.ts';

const flags = { singleWord: false, lstrip: false, rstrip: false, normalized: false, special: true };

function cut(text: string, ...tokens: (Partial<AddedToken> & { content: string })[]): string[] {
  const split = createSplitter(
    new Map(tokens.map((token, id) => [token.content, { ...flags, id, ...token }])),
  );
  return split(text).map((part) => ('token' in part ? `[${part.token.content}]` : part.text));
}

describe('added tokens', () => {
  it('are cut out wherever they stand', () => {
    expect(cut('<s>a<s><s>b', { content: '<s>' })).toEqual(['[<s>]', 'a', '[<s>]', '[<s>]', 'b']);
  });

  it('are found longest first at the same place', () => {
    expect(cut('<s>x', { content: '<s>' }, { content: '<s>x' })).toEqual(['[<s>x]']);
  });

  it('swallow the white space that lstrip and rstrip name', () => {
    expect(cut('a  <m>\n b', { content: '<m>', lstrip: true })).toEqual(['a', '[<m>]', '\n b']);
    expect(cut('a  <m>\n b', { content: '<m>', rstrip: true })).toEqual(['a  ', '[<m>]', 'b']);
  });

  it('share white space between two only once', () => {
    const both = { content: '<m>', lstrip: true, rstrip: true };
    expect(cut('<m> <m>', both)).toEqual(['[<m>]', '[<m>]']);
  });

  it('of single words need the end of a word on both sides', () => {
    expect(cut('cat cats _cat', { content: 'cat', singleWord: true })).toEqual([
      '[cat]',
      ' cats _cat',
    ]);
  });

  it('may hold characters that patterns give a meaning', () => {
    expect(cut('a<|x|>(', { content: '<|x|>' }, { content: '(' })).toEqual(['a', '[<|x|>]', '[(]']);
  });

  it('cut nothing from an empty text', () => {
    expect(cut('', { content: '<s>' })).toEqual([]);
    expect(cut('')).toEqual([]);
  });
});
