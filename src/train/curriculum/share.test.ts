import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Curriculum, multimodalShare } from './share.ts';

const PAPER = { epochs: 40, textPart: 0.5, mixedShare: 0.5 };
const share = (step: number, steps: number, kind: Curriculum) =>
  multimodalShare(step, steps, { ...PAPER, kind });

describe('the two stages', () => {
  it('follow the published table of epochs', () => {
    const published = [
      [1, 0],
      [20, 0],
      [21, 0.05],
      [22, 0.1],
      [30, 0.5],
      [39, 0.95],
      [40, 1],
    ] as const;
    for (const [epoch, ratio] of published) {
      const first = (epoch - 1) * 25;
      expect(share(first, 1000, 'two-stage'), `first step of epoch ${epoch}`).toBeCloseTo(
        ratio,
        12,
      );
      expect(share(first + 24, 1000, 'two-stage'), `last of ${epoch}`).toBeCloseTo(ratio, 12);
    }
  });

  it('never let the share fall, and end with pictures only, however long the run is', () => {
    const property = fc.property(fc.integer({ min: 2, max: 400 }), (steps) => {
      const shares = Array.from({ length: steps }, (_, step) => share(step, steps, 'two-stage'));
      expect(shares).toEqual(shares.toSorted((a, b) => a - b));
      if (steps >= 40) expect(shares.at(-1)).toBe(1);
      expect(shares[0]).toBe(0);
    });
    fc.assert(property);
  });
});

it('the other curricula keep one share', () => {
  for (const step of [0, 17, 99]) {
    expect(share(step, 100, 'text')).toBe(0);
    expect(share(step, 100, 'visual')).toBe(1);
    expect(share(step, 100, 'mixed')).toBe(0.5);
  }
});
