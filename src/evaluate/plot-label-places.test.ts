import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plotLabelPlaces } from './plot-label-places.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);
const GAP = 15;
const heights = fc.array(fc.double({ min: 0, max: 200, noNaN: true }), { maxLength: 10 });

describe('plotLabelPlaces', () => {
  it('leaves labels where they want to be when they are far enough apart', () => {
    expect(plotLabelPlaces([100, 20, 60], GAP, 0, 200)).toEqual([100, 20, 60]);
  });

  it('puts labels that want the same place around it', () => {
    expect(plotLabelPlaces([100, 100, 100], GAP, 0, 200)).toEqual([85, 100, 115]);
  });

  it('moves labels in from the bounds', () => {
    expect(plotLabelPlaces([0, 0, 200, 200], GAP, 0, 200)).toEqual([0, 15, 185, 200]);
  });

  it('keeps the gap, the bounds and the order of any labels that fit', () => {
    fc.assert(
      fc.property(heights, (wanted) => {
        const places = plotLabelPlaces(wanted, GAP, 0, 200);
        const sorted = places.toSorted((a, b) => a - b);
        for (const [n, place] of sorted.entries()) {
          expect(place).toBeGreaterThanOrEqual(-1e-9);
          expect(place).toBeLessThanOrEqual(200 + 1e-9);
          if (n > 0) expect(place - (sorted[n - 1] as number)).toBeGreaterThanOrEqual(GAP - 1e-9);
        }
        for (const [a, one] of wanted.entries()) {
          for (const [b, other] of wanted.entries()) {
            if (one < other) expect(places[a]).toBeLessThan(places[b] as number);
          }
        }
      }),
      { numRuns },
    );
  });
});
