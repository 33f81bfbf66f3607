import { describe, expect, it } from 'vitest';
import { cholesky, undoLower, undoLowerFromRight } from './cholesky.ts';

// [2 0 0; 1 3 0; -1 2 1] times its transpose
const LOWER = [2, 0, 0, 1, 3, 0, -1, 2, 1];
const MATRIX = Float64Array.of(4, 2, -2, 2, 10, 5, -2, 5, 6);

describe('cholesky', () => {
  it('finds the lower factor', () => {
    expect([...cholesky(MATRIX, 3)]).toEqual(LOWER);
  });

  it('refuses a matrix that is not positive', () => {
    expect(() => cholesky(Float64Array.of(1, 2, 2, 1), 2)).toThrow(RangeError);
  });
});

it('undoes a product from the left', () => {
  const b = Float64Array.of(2, 7, 6); // L · (1, 2, 3)
  undoLower(Float64Array.from(LOWER), b);
  expect([...b]).toEqual([1, 2, 3]);
});

it('undoes a product from the right', () => {
  const b = Float64Array.of(1, 12, 3); // (1, 2, 3) · L
  undoLowerFromRight(Float64Array.from(LOWER), b);
  expect([...b]).toEqual([1, 2, 3]);
});
