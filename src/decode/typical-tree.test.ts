import { expect, it } from 'vitest';
import { NO_TREES, observeTree, type TypicalTree, typicalChances } from './typical-tree.ts';

const often = (
  typical: TypicalTree,
  depths: number[],
  chances: number[],
  levels: number,
  times = 60,
) =>
  Array.from({ length: times }).reduce<TypicalTree>(
    (now) => observeTree(now, depths, chances, levels),
    typical,
  );

it('hopes that a first guess is kept seven times of ten, before any tree', () => {
  const [first, second] = typicalChances(NO_TREES, 2);
  expect(first?.[0]).toBeCloseTo(0.7);
  expect(second?.[0]).toBeCloseTo(0.49);
});

it('comes to the trees that are seen: the best nodes of each level, best first', () => {
  const typical = often(NO_TREES, [0, 1, 1, 2], [1, 0.1, 0.6, 0.3], 2);
  const [first, second] = typicalChances(typical, 2);
  expect(first?.slice(0, 2)).toEqual([expect.closeTo(0.6), expect.closeTo(0.1)]);
  expect(second?.[0]).toBeCloseTo(0.3);
});

it('lets levels that are not grown rise and fall with those above', () => {
  const deep = often(NO_TREES, [0, 1, 2], [1, 0.8, 0.4], 2);
  const [, second] = typicalChances(often(deep, [0, 1], [1, 0.4], 1), 2);
  expect(second?.[0]).toBeCloseTo(0.2);
});

it('takes a level that was asked for and has no nodes as empty', () => {
  const [, second] = typicalChances(often(NO_TREES, [0, 1], [1, 0.8], 2), 2);
  expect(second?.[0]).toBeLessThan(0.01);
});
