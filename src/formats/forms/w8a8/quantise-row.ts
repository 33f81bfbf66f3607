import { MOST } from './panel-layout.ts';

/**
 * A row of a matrix as whole numbers.
 * @param row the numbers [in]
 * @param into the whole numbers, from `at`
 * @returns what one step is worth; not finite where a number of the row is not
 */
export function quantiseRow(row: Float32Array, into: Int8Array, at: number): number {
  let largest = 0;
  let sum = 0; // NaN and infinity stay in it
  for (let i = 0; i < row.length; i++) {
    const size = Math.abs(row[i] as number);
    if (size > largest) largest = size;
    sum += size;
  }
  if (!Number.isFinite(sum)) return Number.NaN;
  const perStep = largest === 0 ? 0 : MOST / largest;
  for (let i = 0; i < row.length; i++) {
    // Halves go up: the whole part of a number that is never negative.
    into[at + i] = (((row[i] as number) * perStep + (MOST + 0.5)) | 0) - MOST;
  }
  return largest / MOST;
}
