import { expect, it } from 'vitest';
import { tokensPerSecond } from './answer-speed.ts';
import { fakeResult } from './testing/fake-results.ts';

it('counts the tokens after the first by the time after the first', () => {
  const result = fakeResult({ ids: [1, 2, 3], decodeMs: 50, vision: 1000 });
  expect(tokensPerSecond(result)).toBe(40);
});

it('is unknown where no token followed the first', () => {
  expect(tokensPerSecond(fakeResult({ ids: [1] }))).toBeNull();
  const { timings, ...rest } = fakeResult({ ids: [] });
  expect(tokensPerSecond({ ...rest, timings: { ...timings, firstToken: null } })).toBeNull();
});
