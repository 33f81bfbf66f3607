import { uniform } from '../../src/decode/uniform.ts';
import type { Matrix, Products } from './products.ts';

const ROUNDS = 12;

/** Orthonormal rows that span where the rows given differ most: [count, width] (orthogonal iteration on their products). */
export async function mainDirections(
  rows: Matrix,
  count: number,
  products: Products,
): Promise<Matrix> {
  const gram = await products.rowByRow(rows, rows);
  const drawn = Float32Array.from({ length: count * rows.rows }, (_, at) => uniform(0, at) - 0.5);
  let weights: Matrix = { rows: count, width: rows.rows, data: drawn };
  for (let round = 0; round < ROUNDS; round++) {
    weights = orthonormal(await products.rowByRow(weights, gram));
  }
  const columns = transposed(rows);
  return orthonormal(await products.rowByRow(weights, columns));
}

/** Rows of length one, each without what lies along those before it. */
export function orthonormal({ rows, width, data }: Matrix): Matrix {
  const made = Float64Array.from(data);
  for (let row = 0; row < rows; row++) {
    const own = made.subarray(row * width, (row + 1) * width);
    // Twice, as the first pass loses what rounding takes.
    for (let pass = 0; pass < 2; pass++) {
      for (let before = 0; before < row; before++) {
        const other = made.subarray(before * width, (before + 1) * width);
        let along = 0;
        for (let at = 0; at < width; at++) along += (own[at] as number) * (other[at] as number);
        for (let at = 0; at < width; at++)
          own[at] = (own[at] as number) - along * (other[at] as number);
      }
    }
    let square = 0;
    for (const value of own) square += value * value;
    const length = Math.sqrt(square);
    for (let at = 0; at < width; at++) own[at] = (own[at] as number) / length;
  }
  return { rows, width, data: Float32Array.from(made) };
}

function transposed({ rows, width, data }: Matrix): Matrix {
  const made = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) {
    for (let at = 0; at < width; at++) made[at * rows + row] = data[row * width + at] as number;
  }
  return { rows: width, width: rows, data: made };
}
