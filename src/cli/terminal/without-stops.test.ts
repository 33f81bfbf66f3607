import { describe, expect, it } from 'vitest';
import type { GenerateResult, RoundStats } from '../../contracts/generate.ts';
import { withoutStops } from './without-stops.ts';

const round = (targetMs: number, draftMs: number): RoundStats => ({
  ...{ nodes: 4, asked: true, accepted: 1, levels: [] },
  ...{ targetMs, draftMs, hostMs: 1 },
});

/** 20 ms of prompt, then two passes. */
const answer = (stopped: { prompt?: number; target?: number; draft?: number }): GenerateResult => {
  const { prompt = 0, target = 0, draft = 0 } = stopped;
  const timings = { vision: 2, prefill: 18 + prompt, target: 20 + target, draft: 10 + draft };
  const [firstToken, all] = [20 + prompt, 52 + prompt + target + draft];
  return {
    ids: [1, 2, 3],
    rounds: [round(10, 5), round(10 + target, 5 + draft)],
    timings: { ...timings, host: 2, firstToken, total: all },
  } as unknown as GenerateResult;
};

describe('the times of an answer without the stops of its process', () => {
  it.each([
    ['while the prompt was read', { prompt: 5000 }, 10],
    ['in a pass', { target: 5000 }, 30],
    ['in a call of the draft', { draft: 5000 }, 30],
  ])('%s', (_, stopped, at) => {
    expect(withoutStops(answer(stopped), [{ at, ms: 5000 }])).toEqual(answer({}));
  });

  it('twice', () => {
    const stops = [
      { at: 10, ms: 3000 },
      { at: 3040, ms: 200 },
    ];
    expect(withoutStops(answer({ prompt: 3000, target: 200 }), stops)).toEqual(answer({}));
  });

  it('are as they were where it never stopped', () => {
    expect(withoutStops(answer({}), [])).toEqual(answer({}));
  });
});
