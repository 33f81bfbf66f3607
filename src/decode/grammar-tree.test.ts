import { describe, expect, it } from 'vitest';
import type { GrammarState } from '../contracts/grammar.ts';
import { grammarTree } from './grammar-tree.ts';
import { rootTree } from './tree-shape.ts';

const END = 9;

/** A text of these tokens, some of them in a choice, then the end. */
function reads(...places: readonly (readonly number[])[]): GrammarState {
  const [here = [END], ...rest] = places;
  const ended = places.length === 0;
  return {
    ended: false,
    onlyEnd: ended ? END : null,
    after: (token) => (here.includes(token) ? reads(...rest) : null),
    allowed: () => Uint32Array.of(here.reduce((bits, token) => bits | (1 << token), 0)),
    // One letter a token.
    forced: () => {
      const open = places.findIndex((choices) => choices.length > 1);
      return places
        .slice(0, open < 0 ? undefined : open)
        .flat()
        .join('');
    },
  };
}
const spell = (forced: string) => [...forced].map(Number);

describe('grammarTree', () => {
  it('leaves out what is forbidden, with all below it', () => {
    const tree = {
      tokens: Int32Array.of(7, 1, 2, 5, 3),
      parents: Int32Array.of(-1, 0, 0, 1, 2),
      depths: Int32Array.of(0, 1, 1, 2, 2),
    };
    const kept = grammarTree(tree, reads([2, 4], [3, 5], [6, 7]), spell, 5);
    expect([...kept.tokens]).toEqual([7, 2, 3]);
    expect([...kept.parents]).toEqual([-1, 0, 1]);
  });

  it('adds what is forced, behind guesses too, and the end', () => {
    const tree = {
      tokens: Int32Array.of(7, 2),
      parents: Int32Array.of(-1, 0),
      depths: Int32Array.of(0, 1),
    };
    const grown = grammarTree(tree, reads([2, 4], [3], [5]), spell, 9);
    expect([...grown.tokens]).toEqual([7, 2, 3, 5, END]);
    expect([...grown.parents]).toEqual([-1, 0, 1, 2, 3]);
    expect([...grown.depths]).toEqual([0, 1, 2, 3, 4]);
  });

  it('has no path twice, and none longer than what may still be written', () => {
    const tree = {
      tokens: Int32Array.of(7, 1),
      parents: Int32Array.of(-1, 0),
      depths: Int32Array.of(0, 1),
    };
    expect([...grammarTree(tree, reads([1], [2], [3]), spell, 2).tokens]).toEqual([7, 1, 2]);
    expect([...grammarTree(rootTree(7), reads([1], [2]), spell, 0).tokens]).toEqual([7]);
  });
});
