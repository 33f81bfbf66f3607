import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NonFiniteFeatureError } from '../contracts/errors.ts';
import { kthLargest } from './kth-largest.ts';
import { probabilities } from './probabilities.ts';
import { referenceLaw } from './testing/reference-law.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);
const ALL = { temperature: 1, topK: 0, topP: 1, minP: 0 };

/** Multiples of 1/4, so that ties are common. */
const rows = fc
  .array(fc.integer({ min: -24, max: 24 }), { minLength: 1, maxLength: 60 })
  .map((quarters) => Float32Array.from(quarters, (quarter) => quarter / 4));

const samplings = fc.record({
  temperature: fc.constantFrom(0.3, 0.5, 1, 1.7),
  topK: fc.integer({ min: 0, max: 70 }),
  topP: fc.constantFrom(1, 0.95, 0.7, 0.31, 0),
  minP: fc.constantFrom(0, 0.05, 0.4, 1),
});

describe('probabilities', () => {
  it("equals Hugging Face's warpers in their order", () => {
    fc.assert(
      fc.property(rows, samplings, (logits, sampling) => {
        const expected = referenceLaw([...logits], sampling);
        const law = probabilities(logits, sampling);
        law.forEach((mass, id) => {
          expect(mass).toBeCloseTo(expected[id] as number, 10);
        });
      }),
      { numRuns },
    );
  });

  it('keeps tokens that tie with the k-th', () => {
    expect([...probabilities(Float32Array.of(2, 1, 2, 2, 0), { ...ALL, topK: 2 })]).toEqual([
      1 / 3,
      0,
      1 / 3,
      1 / 3,
      0,
    ]);
  });

  it('keeps the token that takes the nucleus past p, and always the most likely', () => {
    const logits = Float32Array.from([0.5, 0.3, 0.2], Math.log);
    const kept = (topP: number) =>
      probabilities(logits, { ...ALL, topP }).filter((mass) => mass > 0).length;
    expect([0, 0.4, 0.6, 0.75, 0.85].map(kept)).toEqual([1, 1, 2, 2, 3]);
  });

  it('measures min-p against the most likely token', () => {
    const logits = Float32Array.from([0.5, 0.3, 0.2], Math.log);
    expect([...probabilities(logits, { ...ALL, minP: 0.5 })].map((mass) => mass > 0)).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('puts all mass on the first of the likeliest at temperature 0', () => {
    expect([...probabilities(Float32Array.of(1, 3, 3), { ...ALL, temperature: 0 })]).toEqual([
      0, 1, 0,
    ]);
  });

  it.each([NaN, Infinity])('refuses a logit of %d', (logit) => {
    expect(() => probabilities(Float32Array.of(1, logit, 2), ALL)).toThrow(NonFiniteFeatureError);
  });

  it('leaves a token at -Infinity out', () => {
    expect([...probabilities(Float32Array.of(1, -Infinity, 1), ALL)]).toEqual([0.5, 0, 0.5]);
  });
});

describe('kthLargest', () => {
  it('equals the k-th of the sorted values', () => {
    fc.assert(
      fc.property(rows, fc.nat(), (values, n) => {
        const k = 1 + (n % values.length);
        const before = values.slice();
        expect(kthLargest(values, k)).toBe([...values].sort((a, b) => b - a)[k - 1]);
        expect(values).toEqual(before);
      }),
      { numRuns },
    );
  });
});
