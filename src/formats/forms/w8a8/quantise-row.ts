import { MOST } from './panel-layout.ts';

/**
 * A row of a matrix as whole numbers, put into a column of a panel.
 * @param row the numbers [in]
 * @param panel [in, columns], of which `column` is written
 * @returns what one step is worth; not finite where a number of the row is not
 */
export function quantiseRow(
  row: Float32Array,
  panel: Int8Array,
  columns: number,
  column: number,
): number {
  let largest = 0;
  let sum = 0; // NaN and infinity stay in it
  for (let i = 0; i < row.length; i++) {
    const size = Math.abs(row[i] as number);
    if (size > largest) largest = size;
    sum += size;
  }
  if (!Number.isFinite(sum)) return Number.NaN;
  const perStep = largest === 0 ? 0 : MOST / largest;
  for (let i = 0, at = column; i < row.length; i++, at += columns) {
    // Halves go up: the whole part of a number that is never negative.
    panel[at] = (((row[i] as number) * perStep + (MOST + 0.5)) | 0) - MOST;
  }
  return largest / MOST;
}
