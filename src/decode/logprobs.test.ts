import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NonFiniteFeatureError } from '../contracts/errors.ts';
import { logprobsOf } from './logprobs.ts';

const logits = fc.float32Array({ minLength: 1, maxLength: 40, noNaN: true, min: -30, max: 30 });

describe('logprobsOf', () => {
  it('gives the logarithm of the softmax', () => {
    const { id, logprob, top } = logprobsOf(Float32Array.of(0, Math.log(2), Math.log(5)), 1, 2);
    expect(id).toBe(1);
    expect(logprob).toBeCloseTo(Math.log(2 / 8), 6);
    expect(top.map((one) => one.id)).toEqual([2, 1]);
    expect(top[0]?.logprob).toBeCloseTo(Math.log(5 / 8), 6);
  });

  it('sums to one over all tokens', () => {
    fc.assert(
      fc.property(logits, (row) => {
        const { top } = logprobsOf(row, 0, row.length);
        expect(top).toHaveLength(row.length);
        const mass = top.reduce((sum, { logprob }) => sum + Math.exp(logprob), 0);
        expect(mass).toBeCloseTo(1, 9);
      }),
    );
  });

  it('lists the likeliest first, lower ids first on a tie', () => {
    fc.assert(
      fc.property(logits, fc.nat(12), (row, count) => {
        const sorted = [...row.keys()].sort(
          (a, b) => (row[b] as number) - (row[a] as number) || a - b,
        );
        const { top } = logprobsOf(row, 0, count);
        expect(top.map(({ id }) => id)).toEqual(sorted.slice(0, count));
      }),
    );
  });

  it('refuses logits that are not finite', () => {
    expect(() => logprobsOf(Float32Array.of(0, Number.NaN), 0, 1)).toThrow(NonFiniteFeatureError);
  });
});
