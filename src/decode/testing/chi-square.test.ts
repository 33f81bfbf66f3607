import { describe, expect, it } from 'vitest';
import { chiSquareP } from './chi-square.ts';

/** Two cells at even odds with a difference of `d` in 1000 draws: χ² = d² / 1000, one degree of freedom. */
const coin = (d: number) => chiSquareP([500 + d / 2, 500 - d / 2], [0.5, 0.5]);

describe('chiSquareP', () => {
  it('gives the tabled chances for one degree of freedom', () => {
    expect(coin(Math.sqrt(3841.459))).toBeCloseTo(0.05, 6);
    expect(coin(Math.sqrt(10827.57))).toBeCloseTo(0.001, 7);
    expect(coin(0)).toBe(1);
  });

  it('is exp(-χ²/2) for two degrees of freedom, deep into the tail', () => {
    const counts = [400, 250, 250];
    const statistic = (100 ** 2 + 50 ** 2 + 50 ** 2) / 300;
    expect(chiSquareP(counts, [1 / 3, 1 / 3, 1 / 3]) / Math.exp(-statistic / 2)).toBeCloseTo(1, 9);
  });

  it('gives the tabled chance for 255 degrees of freedom', () => {
    // 95 % quantile of χ²(255) is 293.2478.
    const shift = Math.sqrt((293.2478 / 256) * 100);
    const counts = Array.from({ length: 256 }, (_, i) => 100 + (i % 2 === 0 ? shift : -shift));
    expect(chiSquareP(counts, new Array<number>(256).fill(1 / 256))).toBeCloseTo(0.05, 4);
  });

  it('is 0 once an impossible outcome was seen', () => {
    expect(chiSquareP([999, 1], [1, 0])).toBe(0);
  });

  it('pools outcomes that are expected fewer than five times', () => {
    const law = [0.5, 0.5 - 0.004, 0.002, 0.002];
    expect(chiSquareP([500, 496, 4, 0], law)).toBe(1);
  });
});
