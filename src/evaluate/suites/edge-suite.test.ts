import { expect, it } from 'vitest';
import { edgeItems } from './edge-suite.ts';
import { isRight } from './judge.ts';

const { items } = edgeItems([
  { name: 'empty: white', group: 'empty', picture: Uint8Array.of(1) },
  { name: 'huge: 8000 × 6000', group: 'huge', picture: Uint8Array.of(2) },
]);

it('judges nothing', () => {
  expect(items.map((item) => isRight('anything', item)).filter((right) => right !== null)).toEqual(
    [],
  );
});

it('asks of every picture, against some, and without any', () => {
  const count = (group: string) => items.filter((item) => item.group === group).length;
  expect([count('empty'), count('huge'), count('rare pairs')]).toEqual([2, 2, 1]);
  expect(count('no picture')).toBeGreaterThan(5);
  expect(
    items.filter(({ group, picture }) => (group === 'no picture') === (picture !== undefined)),
  ).toEqual([]);
});

it('calls no two questions the same', () => {
  expect(new Set(items.map(({ name }) => name)).size).toBe(items.length);
});
