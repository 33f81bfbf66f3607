import { describe, expect, it } from 'vitest';
import { plotDomain } from './plot-domain.ts';

describe('plotDomain', () => {
  it('leaves air around the values', () => {
    expect(plotDomain([0, 25, 100], [], false)).toEqual([-4, 104]);
  });

  it('ends at a value that it must reach, with air on the other side', () => {
    expect(plotDomain([10, 100], [0], false)).toEqual([0, 104]);
  });

  it('has air where a value lies beyond what it must reach', () => {
    expect(plotDomain([-100, 0], [-50], false)).toEqual([-104, 4]);
  });

  it('gives a flat line a scale to stand in', () => {
    expect(plotDomain([3, 3], [], false)).toEqual([1.5, 4.5]);
    expect(plotDomain([0, 0], [0], false)).toEqual([-1, 1]);
    expect(plotDomain([3, 3], [], true)).toEqual([1.5, 6]);
  });

  it('leaves the same share of a logarithmic axis on both sides', () => {
    const [low, high] = plotDomain([1, 100], [], true);
    expect(low * high).toBeCloseTo(100, 9);
    expect(low).toBeLessThan(1);
  });
});
