import { describe, expect, it } from 'vitest';
import { orderKept } from './order-kept.ts';

describe('orderKept', () => {
  it('keeps pairs of neighbours that were read in their order', () => {
    expect(orderKept(['one', 'two', 'three'], ['one', 'two', 'three'])).toEqual({ kept: 2, of: 2 });
    expect(orderKept(['one', 'two', 'three'], ['two', 'one', 'three'])).toEqual({ kept: 1, of: 2 });
  });

  it('counts no pair of which one was not read', () => {
    expect(orderKept(['one', 'two', 'three'], ['one', 'three'])).toEqual({ kept: 0, of: 0 });
  });

  it('takes the same words in the order they stand in', () => {
    expect(orderKept(['Off', 'On', 'Off'], ['Off', 'On', 'Off'])).toEqual({ kept: 2, of: 2 });
  });
});
