/** A symmetric positive matrix as L · Lᵀ, and what L undoes. Rows of L stand in one array, zeros right of the diagonal. */

/** @param matrix [n, n] @throws RangeError where it is not positive */
export function cholesky(matrix: Float64Array, n: number): Float64Array {
  const lower = new Float64Array(n * n);
  for (let row = 0; row < n; row++) {
    const own = lower.subarray(row * n, row * n + row + 1);
    for (let column = 0; column <= row; column++) {
      const other = lower.subarray(column * n, column * n + column + 1);
      let sum = matrix[row * n + column] as number;
      for (let at = 0; at < column; at++) sum -= (own[at] as number) * (other[at] as number);
      if (column < row) own[column] = sum / (other[column] as number);
      else if (sum > 0) own[column] = Math.sqrt(sum);
      else throw new RangeError(`the matrix is not positive at ${row}`);
    }
  }
  return lower;
}

/** x with L x = b, in b's place. */
export function undoLower(lower: Float64Array, b: Float64Array): void {
  const n = b.length;
  for (let row = 0; row < n; row++) {
    let sum = b[row] as number;
    for (let at = 0; at < row; at++) sum -= (lower[row * n + at] as number) * (b[at] as number);
    b[row] = sum / (lower[row * n + row] as number);
  }
}

/** x with x L = b, in b's place. */
export function undoLowerFromRight(lower: Float64Array, b: Float64Array): void {
  const n = b.length;
  for (let row = n - 1; row >= 0; row--) {
    const value = (b[row] as number) / (lower[row * n + row] as number);
    b[row] = value;
    for (let at = 0; at < row; at++) {
      b[at] = (b[at] as number) - value * (lower[row * n + at] as number);
    }
  }
}
