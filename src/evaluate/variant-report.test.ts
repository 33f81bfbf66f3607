import { describe, expect, it } from 'vitest';
import type { Pair } from './paired-runs.ts';
import { fakePrompt, fakeResult, fakeRound } from './testing/fake-results.ts';
import { variantReport } from './variant-report.ts';

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

describe('variantReport', () => {
  it('takes the median and the spread of the ratios of pairs', () => {
    const report = variantReport([pair(0, 10), pair(0, 40), pair(1, 20)], prompts, random);
    expect(report.speedUp).toMatchObject({ min: 1, median: 2, max: 4 });
  });

  it('compares the fastest answers of each prompt, whichever pairs they were in', () => {
    const slow = pair(0, 5, { decodeMs: 1000 });
    const report = variantReport([slow, pair(0, 500), pair(1, 20)], prompts, random);
    expect(report.fastestSpeedUp).toBe((5 / 10 + 20 / 10) / 2);
  });

  it('is lossless only if every answer of every prompt is', () => {
    const same = variantReport([pair(0, 10)], prompts, random);
    const other = variantReport([pair(0, 10), pair(1, 10, { ids: [1, 9, 3] })], prompts, random);
    expect(same.lossless).toBe(true);
    expect(other.lossless).toBe(false);
    expect(other.prompts.map(({ differsAt }) => differsAt)).toEqual([null, 1]);
  });

  it('adds up the rounds of each tree', () => {
    const trees = { '8,4,4': 3, plain: 1 };
    const pairs = [pair(0, 10, { trees }), pair(1, 10, { trees: { plain: 4 } })] as const;
    expect(variantReport([...pairs], prompts, random).trees).toEqual({ '8,4,4': 3, plain: 5 });
  });

  it('tells acceptance by depth', () => {
    const level = { nodes: 2, survival: null };
    const rounds = [2, 1, 0, 2, 0].map((accepted) =>
      fakeRound({ accepted, levels: [level, level] }),
    );
    const { depths } = variantReport([pair(0, 10, { rounds })], prompts, random);
    expect(depths.map(({ acceptance }) => acceptance)).toEqual([3 / 4, 2 / 3]);
  });

  it('adds up tokens and passes of all answers, and says how sure that is', () => {
    const rounds = [2, 2].map((accepted) => fakeRound({ accepted }));
    const long = pair(1, 10, { ids: [1, 2, 3, 4, 5, 6, 7], rounds });
    const report = variantReport([pair(0, 10), long], prompts, random);
    expect(report).toMatchObject({ passes: 3, tokensPerPass: (2 + 6) / 3 });
    expect(report.tokensPerPassInterval).toEqual({ low: 3, high: 3 }); // random 0.5 draws the second prompt alone
  });

  it('counts texts up to where they loop, and says how many do', () => {
    const gram = [1, 2, 3, 4, 5, 6, 7, 8];
    const ids = [...gram, ...gram, ...gram];
    const rounds = ids.slice(1).map(() => fakeRound({ accepted: 0 }));
    const plain = fakeResult({ ids, rounds });
    const looping: Pair = { prompt: 0, first: 'plain', plain, speculative: plain };
    const report = variantReport([looping, pair(1, 10)], prompts, random);
    expect(report.looping).toBe(1 / 2);
    expect(report.prompts[0]).toMatchObject({ tokens: 16, passes: 15 });
  });

  it('tells how soon and how fast the tokens came, on both sides', () => {
    const { tokensPerSecond, firstToken } = variantReport([pair(0, 20)], prompts, random);
    expect(tokensPerSecond).toEqual({ plain: 100, speculative: 200 });
    expect(firstToken).toEqual({ plain: 5, speculative: 5 });
    const one = fakeResult({ ids: [1], rounds: [] });
    const short = { prompt: 0, first: 'plain', plain: one, speculative: one } as const;
    expect(variantReport([short], prompts, random).tokensPerSecond.plain).toBeNull();
  });

  it('names the choice that was held last', () => {
    const late = pair(0, 10, { run: { choice: 'plain, since nothing is accepted' } });
    const { choice } = variantReport([pair(0, 10), late], prompts, random);
    expect(choice).toBe('plain, since nothing is accepted');
  });

  it('leaves out prompts that no pair was measured for', () => {
    const report = variantReport([pair(1, 10)], prompts, random);
    expect(report.prompts.map(({ name }) => name)).toEqual(['b']);
  });

  it('has no speed-up where no answer needed a pass', () => {
    const none = fakeResult({ ids: [1], rounds: [] });
    const report = variantReport(
      [{ prompt: 0, first: 'plain', plain: none, speculative: none }],
      prompts,
      random,
    );
    expect(report.speedUp).toBeNull();
    expect(report.prompts[0]?.speedUp).toBeNull();
  });
});
