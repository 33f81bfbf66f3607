import { expect, it } from 'vitest';
import { treeCosts } from './tree-costs.ts';

const costs = {
  target: [
    { rows: 1, ms: 2 },
    { rows: 8, ms: 3 },
    { rows: 16, ms: 4 },
  ],
  draftLevel: 0.5,
  host: 0,
  cached: false,
};

const NETWORK = { drafts: true, isNetwork: true };

it('adds the draft levels of a tree to its target pass', () => {
  const paper = treeCosts(costs, NETWORK).at(-1); // 59 rows, in proportion to 16
  const targetMs = (4 * 59) / 16;
  const roundMs = targetMs + 6 * 0.5;
  const wanted = { tree: '59,5,10', rows: 59, targetMs, roundMs, breakEven: roundMs / 2 };
  expect(paper).toEqual(wanted);
});

it('has plain decoding first, which breaks even with itself', () => {
  const [plain] = treeCosts(costs, NETWORK);
  expect(plain).toMatchObject({ tree: 'plain', roundMs: 2, breakEven: 1 });
});

it('counts no draft where none is read', () => {
  for (const { roundMs, targetMs } of treeCosts(costs, { drafts: true, isNetwork: false })) {
    expect(roundMs).toBe(targetMs);
  }
  expect(treeCosts(costs, { drafts: false, isNetwork: false })).toHaveLength(1);
});
