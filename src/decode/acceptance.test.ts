import { describe, expect, it } from 'vitest';
import { capAcceptance, expectedTokens, observeWalk, stepChances } from './acceptance.ts';

const even = (_: number, above: number | null) => above ?? 0.5;

describe('stepChances', () => {
  it('is the prior before any walk, and hands a depth the estimate above it', () => {
    expect(stepChances([], 3, even, 2)).toEqual([0.5, 0.5, 0.5]);
    const seen = observeWalk([], 0, 3);
    const [first, second] = stepChances(seen, 2, even, 2);
    expect(first).toBeCloseTo(1 / 3);
    expect(second).toBe(first);
  });

  it('comes to the share of walks that went on, at each depth that they came to', () => {
    let seen = observeWalk([], 0, 4);
    for (let i = 0; i < 200; i += 1) seen = observeWalk(seen, i % 2 === 0 ? 2 : 0, 4);
    const [first, second, third] = stepChances(seen, 3, even, 0.01) as [number, number, number];
    expect(first).toBeCloseTo(0.5, 1);
    expect(second).toBeGreaterThan(0.99);
    expect(third).toBeLessThan(0.01);
  });

  it('learns nothing below the last level', () => {
    expect(observeWalk([], 2, 2)).toHaveLength(2);
  });
});

describe('capAcceptance', () => {
  it('keeps the chances and lets one walk count for more', () => {
    let seen = observeWalk([], 0, 1);
    for (let i = 0; i < 50; i += 1) seen = observeWalk(seen, 0, 1);
    const chance = (acceptance: typeof seen) => stepChances(acceptance, 1, even, 0)[0] as number;
    const capped = capAcceptance(seen, 4);
    expect(chance(capped)).toBe(chance(seen));
    expect(chance(observeWalk(capped, 1, 1))).toBeGreaterThan(0.2);
    expect(chance(observeWalk(seen, 1, 1))).toBeLessThan(0.05);
  });
});

describe('expectedTokens', () => {
  it('is the bonus and each step by the chance to get there', () => {
    expect(expectedTokens([])).toBe(1);
    expect(expectedTokens([0.5, 0.5])).toBe(1.75);
    expect(expectedTokens([1, 1, 1])).toBe(4);
  });
});
