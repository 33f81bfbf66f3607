import { describe, expect, it } from 'vitest';
import { targetCurve } from '../../train/data/testing/train-slice.ts';
import { defaultWarmup, rateAt } from './rate.ts';

describe('the learning rate', () => {
  it('follows the reference run of a target at all 500 steps', () => {
    const settings = { peak: 0.0015, schedule: 'cosine', warmup: 60, floor: 2e-5 } as const;
    for (const [step, { lr }] of targetCurve.steps.entries()) {
      expect(rateAt(step, 500, settings), `step ${step}`).toBeCloseTo(lr, 12);
    }
  });

  it('rises and falls in straight lines to 0 as published', () => {
    const settings = { peak: 5e-5, schedule: 'linear', warmup: 2000, floor: 0 } as const;
    const at = (step: number) => rateAt(step, 800_000, settings);
    expect(at(999)).toBeCloseTo(2.5e-5, 12);
    expect(at(1999)).toBeCloseTo(5e-5, 12);
    expect(at(2000)).toBeCloseTo(5e-5, 12);
    expect(at(401_000)).toBeCloseTo(2.5e-5, 12);
    expect(at(800_000)).toBe(0);
  });

  it.each(['linear', 'cosine'] as const)('stays at its floor after a %s has ended', (schedule) => {
    const settings = { peak: 1e-3, schedule, warmup: 10, floor: 1e-6 };
    expect([100, 101, 150, 300].map((step) => rateAt(step, 100, settings))).toEqual(
      Array(4).fill(1e-6),
    );
  });

  it('stays where it is if it is constant', () => {
    const settings = { peak: 1e-3, schedule: 'constant', warmup: 0, floor: 0 } as const;
    expect([0, 50, 99].map((step) => rateAt(step, 100, settings))).toEqual([1e-3, 1e-3, 1e-3]);
  });
});

it('a warm-up without a wish is a quarter of a percent of the steps, at least 20', () => {
  expect([100, 8000, 20_000, 800_000].map(defaultWarmup)).toEqual([20, 20, 50, 2000]);
});
