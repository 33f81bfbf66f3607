import { describe, expect, it } from 'vitest';
import type { GenerateResult, RoundStats } from '../../contracts/generate.ts';
import { speculativeFigures } from './speculative-figures.ts';
import { usageOf } from './usage.ts';

const round = (nodes: number, accepted: number, depth: number): RoundStats => ({
  ...{ nodes, accepted, asked: nodes > 1, targetMs: 1, draftMs: 1, hostMs: 1 },
  levels: Array.from({ length: depth }, () => ({ nodes: 1, survival: null })),
});

describe('figures of speculation', () => {
  it('are those of the passes with guesses alone', () => {
    const rounds = [round(4, 0, 3), round(4, 1, 3), round(1, 0, 0), round(4, 3, 3)];
    expect(speculativeFigures({ rounds })).toEqual({
      mean_acceptance_length: 1 + 4 / 3,
      draft_acceptance_rate: 4 / 9,
      acceptance_histogram: [1, 1, 0, 1],
      num_spec_steps: 3,
      num_draft_tokens: 9,
      num_accepted_draft_tokens: 4,
      num_spec_tokens: 3,
    });
  });

  it('are none where nothing was guessed', () => {
    expect(speculativeFigures({ rounds: [round(1, 0, 0)] })).toBeNull();
  });
});

describe('usage', () => {
  const result = (promptTokens: number, written: number, accepted?: number) =>
    ({
      ...{ promptTokens, cachedTokens: 2, ids: Array(written).fill(1) },
      ...(accepted !== undefined && { predicted: { accepted, rejected: 1 } }),
    }) as unknown as GenerateResult;

  it('counts a prompt once, and every choice', () => {
    expect(usageOf([result(7, 3), result(7, 4), result(9, 5), result(9, 6)], 2)).toMatchObject({
      ...{ prompt_tokens: 16, completion_tokens: 18, total_tokens: 34 },
      prompt_tokens_details: { cached_tokens: 4 },
      completion_tokens_details: { accepted_prediction_tokens: 0, rejected_prediction_tokens: 0 },
    });
  });

  it('tells of predictions what came true of them', () => {
    expect(usageOf([result(7, 3, 5)], 1).completion_tokens_details).toMatchObject({
      ...{ accepted_prediction_tokens: 5, rejected_prediction_tokens: 1 },
    });
  });
});
