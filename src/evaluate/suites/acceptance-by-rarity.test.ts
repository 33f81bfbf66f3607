import { expect, it } from 'vitest';
import { acceptanceByRarity } from './acceptance-by-rarity.ts';

it('counts of each rarity what was guessed, but for the first token', () => {
  // after the first: one guessed and one of the pass, then one of a pass that guessed nothing
  const answer = { ids: [7, 8, 600, 40_000], acceptedPerPass: [1, 0] };
  const rows = acceptanceByRarity([answer], () => 0.5);
  expect(rows.map(({ from, below, tokens, guessed }) => [from, below, tokens, guessed])).toEqual([
    [0, 512, 1, 1],
    [512, 2048, 1, 0],
    [32_768, null, 1, 0],
  ]);
});

it('leaves out what nobody wrote', () => {
  expect(acceptanceByRarity([{ ids: [7], acceptedPerPass: [] }], () => 0.5)).toEqual([]);
});
