import { expect, it } from 'vitest';
import { createScoredGrowth, differsOnlyAtCut } from './tree-scores.ts';

/** One level of five candidates, of which three are kept: 10 and 11 surely, one of the three that tie. */
const first = {
  tokens: Int32Array.of(10, 11, 12, 13, 14),
  logProbs: Float32Array.of(-1, -2, -3, -3, -3),
  rows: 1,
  k: 5,
};

const leaf = { tokens: Int32Array.of(), logProbs: Float32Array.of(), rows: 1, k: 0 };

function grown() {
  const growth = createScoredGrowth();
  const growing = growth.grow(1, first, { total: 4, depth: 0, topK: 5 });
  let level = growing.next();
  while (!level.done) level = growing.next(leaf);
  const tree = level.value;
  const beside = (tokens: number[], parents = [-1, 0, 0, 0]) =>
    differsOnlyAtCut(tree, { tokens: [1, ...tokens], parents }, growth, growth);
  return { tree, beside };
}

it.each<[string, number[], number[] | undefined, boolean]>([
  ['the same tree', [10, 11, 12], undefined, true],
  ['another of the nodes that tie', [10, 11, 14], undefined, true],
  ['one that ties under a wrong parent', [10, 11, 14], [-1, 0, 0, 2], true],
  ['a node of a better score left out', [10, 12, 13], undefined, false],
  ['a token that was no candidate', [10, 11, 15], undefined, false],
  ['fewer nodes', [10, 11], [-1, 0, 0], false],
])('takes %s for what it is', (_, tokens, parents, expected) => {
  const { tree, beside } = grown();
  expect([...tree.tokens]).toEqual([1, 10, 11, 12]);
  expect(beside(tokens, parents)).toBe(expected);
});
