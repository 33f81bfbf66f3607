import { expect, it } from 'vitest';
import type { GenerateOptions, GenerateResult } from '../../../contracts/generate.ts';
import { fakeModel, fakeResult } from '../../../evaluate/testing/fake-results.ts';
import { comparisonJson } from '../../print/comparison-json.ts';
import { comparisonText } from '../../print/comparison-text.ts';
import { compareWithPlain } from './comparison.ts';

const request = { messages: [{ role: 'user', content: 'x' }], stop: ['end'] } as const;
const never = new AbortController().signal;

/** A comparison where plain writes 1 2 3 in 30 ms, and a drafter `ids` in 10 ms. */
async function compare(ids: readonly number[], answered = ids, signal = never) {
  const answer = ({ drafter }: GenerateOptions): GenerateResult =>
    drafter === 'none'
      ? { ...fakeResult({ ids: [1, 2, 3], decodeMs: 30 }), text: 'plain words' }
      : { ...fakeResult({ ids, decodeMs: 10 }), text: 'other words' };
  const { model, requests } = fakeModel(answer);
  const first = { ...fakeResult({ ids: answered }), text: 'first words' };
  const comparison = await compareWithPlain(model, request, first, signal);
  return { comparison, requests };
}

it('measures plain over speculative in pairs that take turns, after a warm-up', async () => {
  const { comparison, requests } = await compare([1, 2, 3]);
  expect(comparison).toMatchObject({
    ...{ pairs: 3, difference: null },
    plain: { decode: { median: 30 } },
    speculative: { decode: { median: 10 } },
    speedUp: { min: 3, median: 3, max: 3 },
  });
  const order = requests.map(({ drafter }) => (drafter === 'none' ? 'p' : 's')).join('');
  expect(order).toBe('psps' + 'spps');
  expect(
    requests.every(({ stop }) => stop?.[0] === 'end'),
    'same request',
  ).toBe(true);
});

it('shows medians, the measured ratio and that ids are equal', async () => {
  const { comparison } = await compare([1, 2, 3]);
  const text = comparison && comparisonText(comparison);
  expect(text).toMatch(/^plain +30\.0 ms/m);
  expect(text).toMatch(/^speculative +10\.0 ms/m);
  expect(text).toContain('speed-up over plain, measured: 3.00x (3.00x to 3.00x)');
  expect(text).toContain('ids: equal in all runs');
  expect(comparison && comparisonJson(comparison)).toMatchObject({ equal: true, pairs: 3 });
});

it('says where other ids begin, and both texts', async () => {
  const { comparison } = await compare([1, 2, 4]);
  const text = comparison && comparisonText(comparison);
  expect(text).toContain('from token 3 on, where plain has id 3 and speculative id 4');
  expect(text).toContain('plain:       plain words');
  expect(text).toContain('speculative: first words');
  expect(comparison && comparisonJson(comparison)).toMatchObject({
    equal: false,
    first_difference: { position: 2, plain_id: 3, speculative_id: 4 },
  });
});

it('counts the answer that was shown, and one that ends early', async () => {
  const { comparison } = await compare([1, 2, 3], [1, 2]);
  expect(comparison?.difference).toMatchObject({ position: 2, plain: 3, speculative: null });
  expect(comparison?.difference?.speculativeText).toBe('first words');
});

it('is null once it is cancelled', async () => {
  const { comparison } = await compare([1, 2, 3], [1, 2, 3], AbortSignal.abort());
  expect(comparison).toBeNull();
});
