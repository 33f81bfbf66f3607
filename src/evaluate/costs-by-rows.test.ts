import { expect, it } from 'vitest';
import { costsByRows } from './costs-by-rows.ts';
import { fakeResult, fakeRound } from './testing/fake-results.ts';

const costs = {
  target: [
    { rows: 1, ms: 1 },
    { rows: 8, ms: 2 },
  ],
  draftLevel: null,
  host: 0.1,
  cached: false,
};
const pairWith = (nodes: number, count: number) => {
  const rounds = Array.from({ length: count }, (_, i) => fakeRound({ nodes, targetMs: i + 1 }));
  const result = fakeResult({ ids: [1, 2], rounds });
  return {
    prompt: 0,
    first: 'plain',
    plain: result,
    speculative: { ...result, rounds: [] },
  } as const;
};

it('puts the median of the rounds beside what was timed at load', () => {
  expect(costsByRows(costs, [pairWith(8, 3)])).toEqual([
    { rows: 1, atLoad: 1, inRounds: null },
    { rows: 8, atLoad: 2, inRounds: { ms: 2, rounds: 3 } },
  ]);
});

it('adds sizes that ran often and leaves out those that ran rarely', () => {
  const pairs = [pairWith(5, 21), pairWith(3, 2)];
  expect(costsByRows(costs, pairs).map(({ rows }) => rows)).toEqual([1, 5, 8]);
});
