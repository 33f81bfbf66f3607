import { describe, expect, it } from 'vitest';
import { cellShares } from './cell-shares.ts';

describe('cellShares', () => {
  it('averages blocks where the cells divide the map', () => {
    const shares = cellShares(4, 2);
    const first = Array.from({ length: 16 }, (_, place) => shares[place * 4]);
    expect(first).toEqual([0.25, 0.25, 0, 0, 0.25, 0.25, ...Array(10).fill(0)]);
  });

  it.each([
    [7, 4],
    [14, 4],
    [5, 3],
  ])('gives each cell of %d by %d one picture in all', (side, cells) => {
    const shares = cellShares(side, cells);
    for (let cell = 0; cell < cells ** 2; cell++) {
      let sum = 0;
      for (let place = 0; place < side ** 2; place++) {
        sum += shares[place * cells ** 2 + cell] as number;
      }
      expect(sum).toBeCloseTo(1, 6);
    }
  });

  it('lets cells share a row that lies between them', () => {
    // Of seven places the four cells take 0-1, 1-3, 3-5 and 5-6.
    const shares = cellShares(7, 4);
    const along = [0, 1, 2, 3].map((cell) =>
      [0, 1, 2, 3, 4, 5, 6].filter((place) => (shares[place * 16 + cell] as number) > 0),
    );
    expect(along).toEqual([
      [0, 1],
      [1, 2, 3],
      [3, 4, 5],
      [5, 6],
    ]);
  });
});
