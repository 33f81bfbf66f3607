import { describe, expect, it } from 'vitest';
import { summarise } from './statistics.ts';

const round = (nodes: number, accepted: number) => ({
  nodes,
  asked: nodes > 1,
  accepted,
  levels: [],
  targetMs: 10,
  draftMs: nodes > 1 ? 3 : 0,
  hostMs: 0.5,
});

describe('summarise', () => {
  it('sums what the rounds say', () => {
    const rounds = [round(8, 3), round(1, 0), round(8, 0), round(8, 1)];
    expect(summarise(rounds, 9)).toEqual({
      passes: 4,
      tokensPerPass: 2,
      acceptedPerPass: [3, 0, 0, 1],
      acceptance: [2 / 3, 1 / 2, 1, 0],
      targetMs: 40,
      draftMs: 9,
      hostMs: 2,
    });
  });

  it('has no tokens per pass without a pass', () => {
    expect(summarise([], 1)).toMatchObject({ passes: 0, tokensPerPass: 0, acceptance: [] });
  });
});
