import { describe, expect, it } from 'vitest';
import { contestReport } from './contest-report.ts';
import type { Pair } from './paired-runs.ts';
import { fakePrompt, fakeResult, fakeRound } from './testing/fake-results.ts';

const random = () => 0.5;
const prompts = ['a', 'b'].map(fakePrompt);

/** A pair whose plain answer took `plainMs`, the speculative one 10 ms. */
function pair(
  prompt: number,
  plainMs: number,
  speculative: Partial<Parameters<typeof fakeResult>[0]> = {},
): Pair {
  const ids = [1, 2, 3];
  return {
    prompt,
    first: 'plain',
    plain: fakeResult({ ids, decodeMs: plainMs }),
    speculative: fakeResult({ ids, decodeMs: 10, ...speculative }),
  };
}

describe('contestReport', () => {
  it('takes the median and the spread of the ratios of pairs', () => {
    const report = contestReport([pair(0, 10), pair(0, 40), pair(1, 20)], prompts, random);
    expect(report.speedUp).toMatchObject({ min: 1, median: 2, max: 4 });
  });

  it('compares the fastest answers of each prompt, whichever pairs they were in', () => {
    const slow = pair(0, 5, { decodeMs: 1000 });
    const report = contestReport([slow, pair(0, 500), pair(1, 20)], prompts, random);
    expect(report.fastestSpeedUp).toBe((5 / 10 + 20 / 10) / 2);
  });

  it('is lossless only if every answer of every prompt is', () => {
    const same = contestReport([pair(0, 10)], prompts, random);
    const other = contestReport([pair(0, 10), pair(1, 10, { ids: [1, 9, 3] })], prompts, random);
    expect(same.lossless).toBe(true);
    expect(other.lossless).toBe(false);
    expect(other.prompts.map(({ differsAt }) => differsAt)).toEqual([null, 1]);
  });

  it('adds up the rounds of each tree', () => {
    const trees = { '8,4,4': 3, plain: 1 };
    const pairs = [pair(0, 10, { trees }), pair(1, 10, { trees: { plain: 4 } })] as const;
    expect(contestReport([...pairs], prompts, random).trees).toEqual({ '8,4,4': 3, plain: 5 });
  });

  it('tells acceptance by depth, without the rounds that the end of the text cut short', () => {
    const rounds = [2, 1, 0, 2, 0].map((accepted) => fakeRound({ accepted }));
    const { acceptance } = contestReport([pair(0, 10, { rounds })], prompts, random);
    expect(acceptance).toEqual([3 / 4, 2 / 3, 0]);
  });

  it('tells no acceptance below the levels of the tree', () => {
    const rounds = [1, 1, 0].map((accepted) => fakeRound({ accepted }));
    const trees = { '3,0,2': 3 };
    const { acceptance } = contestReport([pair(0, 10, { rounds, trees })], prompts, random);
    expect(acceptance).toEqual([1]);
  });

  it('tells how soon and how fast the tokens came, on both sides', () => {
    const { tokensPerSecond, firstToken } = contestReport([pair(0, 20)], prompts, random);
    expect(tokensPerSecond).toEqual({ plain: 100, speculative: 200 });
    expect(firstToken).toEqual({ plain: 5, speculative: 5 });
    const one = fakeResult({ ids: [1], rounds: [] });
    const short = { prompt: 0, first: 'plain', plain: one, speculative: one } as const;
    expect(contestReport([short], prompts, random).tokensPerSecond.plain).toBeNull();
  });

  it('names the choice that was held last', () => {
    const late = pair(0, 10, { run: { choice: 'plain, since nothing is accepted' } });
    const { choice } = contestReport([pair(0, 10), late], prompts, random);
    expect(choice).toBe('plain, since nothing is accepted');
  });

  it('leaves out prompts that no pair was measured for', () => {
    const report = contestReport([pair(1, 10)], prompts, random);
    expect(report.prompts.map(({ name }) => name)).toEqual(['b']);
  });

  it('has no speed-up where no answer needed a pass', () => {
    const none = fakeResult({ ids: [1], rounds: [] });
    const report = contestReport(
      [{ prompt: 0, first: 'plain', plain: none, speculative: none }],
      prompts,
      random,
    );
    expect(report.speedUp).toBeNull();
    expect(report.prompts[0]?.speedUp).toBeNull();
  });
});
