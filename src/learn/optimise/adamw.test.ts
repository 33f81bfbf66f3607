import { describe, expect, it } from 'vitest';
import { adamStep } from './adamw.ts';
import { clipFactor, globalNorm } from './clip.ts';

const SETTINGS = { betas: [0.9, 0.95], eps: 1e-8, weightDecay: 0.1 } as const;
const fresh = () => ({ mean: new Float32Array(1), square: new Float32Array(1) });

describe('AdamW', () => {
  it('takes a first step of the rate against the gradient, after decay', () => {
    const weight = Float32Array.of(2);
    adamStep(weight, Float32Array.of(0.3), fresh(), 1, 0.01, 1, SETTINGS);
    expect(weight[0]).toBeCloseTo(2 * (1 - 0.01 * 0.1) - 0.01, 6);
  });

  it('goes on as worked out by hand', () => {
    const weight = Float32Array.of(1);
    const moments = fresh();
    const settings = { ...SETTINGS, weightDecay: 0 };
    adamStep(weight, Float32Array.of(1), moments, 1, 0.1, 1, settings);
    adamStep(weight, Float32Array.of(-1), moments, 2, 0.1, 1, settings);
    const mean = (0.1 * 0.9 - 0.1) / (1 - 0.9 ** 2);
    const square = (0.05 * 0.95 + 0.05) / (1 - 0.95 ** 2);
    expect(weight[0]).toBeCloseTo(0.9 - (0.1 * mean) / Math.sqrt(square), 6);
  });

  it('reads the gradient times the factor of clipping', () => {
    const [once, twice] = [fresh(), fresh()];
    adamStep(Float32Array.of(1), Float32Array.of(4), once, 1, 0.1, 0.5, SETTINGS);
    adamStep(Float32Array.of(1), Float32Array.of(2), twice, 1, 0.1, 1, SETTINGS);
    expect(once).toEqual(twice);
  });
});

describe('clipping', () => {
  it('measures all gradients together', () => {
    expect(globalNorm([Float32Array.of(3), Float32Array.of(0, 4)])).toBe(5);
  });

  it('brings a long gradient to the limit and leaves a short one', () => {
    expect(5 * clipFactor(5, 0.5)).toBeCloseTo(0.5, 5);
    expect(clipFactor(0.4, 0.5)).toBe(1);
  });
});
