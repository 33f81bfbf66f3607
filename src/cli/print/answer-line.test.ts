import { expect, it } from 'vitest';
import { fakeResult } from '../../evaluate/testing/fake-results.ts';
import { answerLine } from './answer-line.ts';

const costs = { target: [{ rows: 1, ms: 4 }], draftLevel: 1, host: 0, cached: false };

it('tells tokens, passes, times, and the ratio that a plain token would give', () => {
  const result = fakeResult({ ids: [1, 2, 3, 4, 5, 6], decodeMs: 10 });
  expect(answerLine(result, costs)).toBe(
    '6 tokens in 1 pass, 5.00 tokens per pass; target 10.0 ms, draft 0.0 ms, host 0.0 ms; about 2.00x plain, estimated from 4.00 ms for a plain token at load\nprompt of 7 tokens, prefill 5.0 ms\n',
  );
});

it('estimates nothing where nothing drafts, or no pass was needed', () => {
  const plain = fakeResult({ ids: [1, 2], run: { drafts: false } });
  expect(answerLine(plain, costs)).not.toContain('plain');
  expect(answerLine({ ...fakeResult({ ids: [1] }), passes: 0 }, costs)).not.toContain('plain');
});

it('says that speculation turned itself off where every pass was plain', () => {
  const result = { ...fakeResult({ ids: [1, 2] }), trees: { plain: 1 } };
  expect(answerLine(result, costs)).toContain('; no tree would have paid: plain decoding\n');
});

it('tells of pictures, of what was cached, and of an early end', () => {
  const result = { ...fakeResult({ ids: [1, 2], vision: 12_345 }), cachedTokens: 5 };
  const line = answerLine({ ...result, finishReason: 'length' }, costs);
  expect(line).toContain('prompt of 7 tokens, 5 of them cached, vision 12.3 s, prefill 5.0 ms');
  expect(line).toMatch(/; ended by the limit of tokens$/m);
  expect(answerLine({ ...result, finishReason: 'cancelled' }, costs)).toMatch(/; cancelled$/m);
});
