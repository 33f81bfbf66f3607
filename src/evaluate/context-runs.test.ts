import { describe, expect, it } from 'vitest';
import { contextLine, contextRuns } from './context-runs.ts';
import { fakeModel, fakePrompt, fakeResult, fakeRound } from './testing/fake-results.ts';

const prompts = ['128', '512'].map(fakePrompt);

describe('contextRuns', () => {
  it('takes the median of the passes behind each text, plain and past the end token', async () => {
    let turn = 0;
    const model = fakeModel(({ messages }) => {
      const tokens = Number(messages?.[0]?.content);
      const rounds = [fakeRound({ targetMs: tokens + turn++, hostMs: 0 })];
      return { ...fakeResult({ ids: [1, 2], rounds }), promptTokens: tokens };
    });
    const costs = await contextRuns(model.model.generate, prompts, 3, new AbortController().signal);
    expect(costs).toEqual([
      { tokens: 128, ms: 128 + 2, passes: 3 },
      { tokens: 512, ms: 512 + 3, passes: 3 },
    ]);
    expect(model.requests[0]).toMatchObject({ drafter: 'none', ignoreEos: true });
  });

  it('ends with what was measured when it is interrupted', async () => {
    const controller = new AbortController();
    const model = fakeModel(() => {
      if (model.requests.length === 2) controller.abort();
      return fakeResult({ ids: [1, 2] });
    });
    const costs = await contextRuns(model.model.generate, prompts, 3, controller.signal);
    expect(costs).toHaveLength(1);
  });
});

describe('contextLine', () => {
  it('goes through points of a line', () => {
    const cost = (tokens: number) => ({ tokens, ms: 5 + 0.01 * tokens, passes: 1 });
    const line = contextLine([cost(128), cost(1024), cost(4096)]);
    expect(line?.startMs).toBeCloseTo(5);
    expect(line?.tokenMs).toBeCloseTo(0.01);
  });

  it('needs two lengths', () => {
    expect(contextLine([{ tokens: 128, ms: 5, passes: 1 }])).toBeNull();
  });
});
