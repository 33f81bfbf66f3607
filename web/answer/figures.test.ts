import { describe, expect, it } from 'vitest';
import { linePass, PROMPT_PASS } from '../testing/passes.ts';
import { acceptanceByDepth, meanSpeed, speeds, timeSplit, tokensPerPass } from './figures.ts';

describe('figures of passes', () => {
  it('have for each depth the share kept of those passes that guessed so far', () => {
    const passes = [PROMPT_PASS, linePass(20, 3, 2), linePass(30, 1, 1), linePass(40, 3, 0)];
    expect(acceptanceByDepth(passes)).toEqual([2 / 3, 1 / 2, 0]);
  });

  it('leave the prompt’s own pass out', () => {
    expect(tokensPerPass([PROMPT_PASS, linePass(20, 2, 2), linePass(30, 0, 0)])).toEqual([3, 1]);
    expect(acceptanceByDepth([PROMPT_PASS])).toEqual([]);
  });

  it('have the speed after the first word', () => {
    const passes = [PROMPT_PASS, linePass(110, 1, 1), linePass(210, 2, 2)];
    expect(meanSpeed(passes)).toBe(25);
    expect(speeds(passes)).toEqual([
      { at: 110, tokensPerSecond: 20 },
      { at: 210, tokensPerSecond: 25 },
    ]);
    expect(meanSpeed([PROMPT_PASS])).toBe(0);
  });

  it('take a speed over the latest passes alone', () => {
    const slow = Array.from({ length: 8 }, (_, at) => linePass(1000 * (at + 1), 0, 0));
    const fast = Array.from({ length: 8 }, (_, at) => linePass(8000 + 10 * (at + 1), 0, 0));
    const last = speeds([PROMPT_PASS, ...slow, ...fast]).at(-1);
    expect(last?.tokensPerSecond).toBeCloseTo(100);
  });

  it('add up the times of all passes', () => {
    expect(timeSplit([PROMPT_PASS, linePass(20, 1, 1, 2), linePass(30, 1, 1, 3)])).toEqual({
      ...{ targetMs: 5, draftMs: 10, hostMs: 15 },
    });
  });
});
