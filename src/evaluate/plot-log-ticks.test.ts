import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plotLogTicks } from './plot-log-ticks.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);

describe('plotLogTicks', () => {
  it('shows powers of ten alone where there are enough', () => {
    expect(plotLogTicks(0.005, 20)).toEqual([0.01, 0.1, 1, 10]);
  });

  it('divides decades where there are few', () => {
    expect(plotLogTicks(0.18, 7)).toEqual([0.2, 0.5, 1, 2, 5]);
  });

  it('finds round values between close bounds', () => {
    expect(plotLogTicks(0.31, 0.36)).toEqual([0.32, 0.34, 0.36]);
  });

  it('gives three to fourteen ascending ticks between bounds at least 5 % apart', () => {
    const bounds = fc.tuple(
      fc.double({ min: -6, max: 3, noNaN: true }),
      fc.double({ min: 0.02, max: 100, noNaN: true }),
    );
    fc.assert(
      fc.property(bounds, ([exponent, span]) => {
        const [low, high] = [10 ** exponent, 10 ** (exponent + span)];
        const ticks = plotLogTicks(low, high);
        expect(ticks.length).toBeGreaterThanOrEqual(3);
        expect(ticks.length).toBeLessThanOrEqual(14);
        expect(ticks).toEqual(ticks.toSorted((a, b) => a - b));
        expect(ticks[0]).toBeGreaterThanOrEqual(low);
        expect(ticks.at(-1)).toBeLessThanOrEqual(high);
      }),
      { numRuns },
    );
  });
});
