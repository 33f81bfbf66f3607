import { describe, expect, it } from 'vitest';
import { fakeResult, fakeRound } from '../../evaluate/testing/fake-results.ts';
import { answerLines } from './answer-lines.ts';

const lines = (result: Parameters<typeof answerLines>[0], compared = false) =>
  answerLines(result, 64, { compared });

it('tells tokens and passes, speed, times, and what ran', () => {
  const result = fakeResult({ ids: [1, 2, 3, 4, 5, 6], decodeMs: 10 });
  expect(lines(result)).toBe(
    [
      '6 tokens: 1 with the prompt, 5 in 1 pass, 5.00 tokens per pass',
      '500.0 tokens/s, first token after 5.0 ms; prompt of 7 tokens, prefill 5.0 ms',
      'target 10.0 ms, draft 0.0 ms, host 0.0 ms',
      'ran msd: 1 with tree 8,4,4',
      '',
    ].join('\n'),
  );
});

describe('the estimate', () => {
  it('goes by the plain passes of the answer, if it had any', () => {
    const rounds = [fakeRound(), fakeRound({ nodes: 1, targetMs: 7.5, hostMs: 0.5 })];
    const result = fakeResult({ ids: [1, 2, 3, 4, 5], rounds, trees: { '8,4,4': 1, plain: 1 } });
    expect(lines(result)).toContain('about 3.20x plain by its own plain passes of 8.0 ms');
  });

  it('is left out beside a measurement, and where there is nothing to go by', () => {
    const rounds = [fakeRound(), fakeRound({ nodes: 1 })];
    const mixed = fakeResult({ ids: [1, 2], rounds, trees: { '8,4,4': 1, plain: 1 } });
    expect(lines(mixed)).toContain('x plain');
    expect(lines(mixed, true)).not.toContain('x plain');
    expect(lines(fakeResult({ ids: [1, 2] })), 'no plain pass').not.toContain('x plain');
    const plain = fakeResult({ ids: [1, 2], rounds: rounds.slice(1), trees: { plain: 1 } });
    expect(lines(plain), 'plain alone').not.toContain('x plain');
  });
});

describe('the last line tells what ran', () => {
  it.each([
    [
      { '8,4,4': 3, '16,5,6': 4, plain: 1 },
      'auto',
      'ran msd: 4 with tree 16,5,6, 3 with tree 8,4,4, 1 plain',
    ],
    [
      { 8: 2, 7: 1, 6: 1, 5: 1, 4: 1, 3: 1, plain: 1 },
      'auto',
      'ran msd: 2 with 8 rows, 1 with 3 rows, 1 with 4 rows, 1 with 5 rows, 2 with others, 1 plain',
    ],
    [{ plain: 8 }, 'auto', 'ran plain decoding: no pass was drafted'],
    [{ plain: 8 }, 'plain', 'ran plain decoding'],
  ])('%j of %s', (trees, tree, text) => {
    const result = fakeResult({
      ids: [1, 2],
      trees,
      run: { tree },
      rounds: Array(8).fill(fakeRound()),
    });
    expect(lines(result).trimEnd().split('\n').at(-1)).toBe(text);
  });

  it('and of an early end', () => {
    const result = fakeResult({ ids: [1, 2] });
    expect(lines({ ...result, finishReason: 'length' })).toMatch(/; ended by --max-tokens\n$/);
    const full = { ...result, promptTokens: 62, finishReason: 'length' } as const;
    expect(lines(full)).toMatch(/; ended by the full context of 64 tokens\n$/);
    expect(lines({ ...result, finishReason: 'cancelled' })).toMatch(/; cancelled\n$/);
  });
});

it('tells of pictures and of what was cached', () => {
  const result = { ...fakeResult({ ids: [1, 2], vision: 12_400 }), cachedTokens: 5 };
  expect(lines(result)).toContain(
    'first token after 12.4 s; prompt of 7 tokens, 5 of them cached, vision 12.4 s, prefill 5.0 ms',
  );
});

it('has no speed for a single token, nor for none', () => {
  const one = fakeResult({ ids: [1], rounds: [], trees: {} });
  expect(lines(one)).toMatch(/^1 token, without a pass after the prompt's\nfirst token after 5/);
  const { timings } = one;
  expect(lines({ ...one, ids: [], timings: { ...timings, firstToken: null } })).toMatch(
    /^0 tokens, .*\nprompt of 7 tokens/,
  );
});
