import { describe, expect, it } from 'vitest';
import { uniform } from '../decode/uniform.ts';
import { bootstrap } from './bootstrap.ts';
import { median } from './spread.ts';

function randomFrom(seed: number): () => number {
  let draws = 0;
  return () => uniform(seed, draws++);
}

/** Sum of twelve uniforms, less six: nearly normal around 0. */
function normal(random: () => number): number {
  return Array.from({ length: 12 }, random).reduce((sum, u) => sum + u, -6);
}

describe('bootstrap', () => {
  it('holds the true median in about 95 of 100 repetitions', () => {
    const random = randomFrom(1);
    let held = 0;
    for (let repetition = 0; repetition < 200; repetition++) {
      const groups = Array.from({ length: 25 }, () => [normal(random)]);
      const interval = bootstrap(groups, median, random);
      if (interval !== null && interval.low <= 0 && interval.high >= 0) held += 1;
    }
    expect(held / 200, 'share of intervals around the truth').toBeGreaterThan(0.9);
    expect(held / 200, 'share of intervals around the truth').toBeLessThan(0.99);
  });

  it('is wider where pairs of one prompt resemble each other than where they do not', () => {
    const random = randomFrom(2);
    const prompts = Array.from({ length: 20 }, () => normal(random));
    const alike = prompts.map((value) => Array.from({ length: 10 }, () => value));
    const apart = prompts.flatMap(() => [Array.from({ length: 10 }, () => normal(random))]);
    const width = (groups: number[][]) => {
      const { low, high } = bootstrap(groups, median, randomFrom(3)) ?? { low: 0, high: 0 };
      return high - low;
    };
    expect(width(alike)).toBeGreaterThan(1.5 * width(apart));
  });

  it('is a point where all values are equal', () => {
    expect(bootstrap([[2, 2], [2]], median, randomFrom(4))).toEqual({ low: 2, high: 2 });
  });

  it('gives the same interval for the same random numbers', () => {
    const groups = [[1, 2, 3], [4], [5, 9]];
    const interval = () => bootstrap(groups, median, randomFrom(5));
    expect(interval()).toEqual(interval());
  });

  it('leaves out prompts without a value, and is null where none has one', () => {
    expect(bootstrap([[], [3]], median, randomFrom(6))).toEqual({ low: 3, high: 3 });
    expect(bootstrap([[], []], median, randomFrom(6))).toBeNull();
  });
});
