import { expect, it } from 'vitest';
import { lossShares } from './loss-shares.ts';

const objective = { crossEntropy: 0.1, totalVariation: 0.9, confidence: 0.2, warmShare: 0.5 };
const at = (done: number, own = objective) =>
  Object.fromEntries(
    Object.entries(lossShares(own, done)).map(([name, { data }]) => [name, Number(data[0])]),
  );

it('cross-entropy to the target passes over into total variation, and all else stays', () => {
  for (const [done, cold] of [
    [0, 1],
    [0.25, 0.5],
    [0.5, 0],
    [1, 0],
  ] as const) {
    const { of_tokens, of_truth, of_variation, of_confidence } = at(done);
    expect(of_truth).toBeCloseTo(0.9 * cold, 6);
    expect(of_variation).toBeCloseTo(0.9 * (1 - cold), 6);
    expect([of_tokens, of_confidence]).toEqual([Math.fround(0.1), Math.fround(0.2)]);
  }
});

it('without such a beginning total variation counts whole from the first step', () => {
  expect(at(0, { ...objective, warmShare: 0 }).of_truth).toBe(0);
});
