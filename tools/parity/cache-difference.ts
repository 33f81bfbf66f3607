import type { CacheRows } from '../../src/contracts/target.ts';

interface CacheShape {
  readonly layers: number;
  readonly kvHeads: number;
  readonly headDim: number;
}

/** Largest difference of keys and values between rows of two passes, counted within their steps. */
export function cacheDifference(
  a: CacheRows,
  fromA: number,
  b: CacheRows,
  fromB: number,
  rows: number,
  { layers, kvHeads, headDim }: CacheShape,
): number {
  let largest = 0;
  const compare = (x: number | undefined, y: number | undefined) => {
    largest = Math.max(largest, Math.abs((x ?? Number.NaN) - (y ?? Number.NaN)));
  };
  for (let head = 0; head < layers * kvHeads; head += 1) {
    for (let row = 0; row < rows; row += 1) {
      const [columnA, columnB] = [a.first + fromA + row, b.first + fromB + row];
      for (let i = 0; i < headDim; i += 1) {
        const line = head * headDim + i;
        compare(a.keys[line * a.count + columnA], b.keys[line * b.count + columnB]);
        const [placeA, placeB] = [head * a.count + columnA, head * b.count + columnB];
        compare(a.values[placeA * headDim + i], b.values[placeB * headDim + i]);
      }
    }
  }
  return largest;
}
