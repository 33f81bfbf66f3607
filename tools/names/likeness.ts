/**
 * Names by likeness: each concept's mean over its pictures, seen through what sets concepts apart and not the views and
 * artists of one (Fisher's discriminants). A picture is the more like a concept the smaller the angle between both.
 *
 *   S = (1 - a) · within-class scatter + a · its diagonal = L Lᵀ
 *   P = V L⁻¹, V the main directions of the whitened means
 *   likeness = cos(P (x - g), P (mean - g))
 */
import { cholesky, undoLower, undoLowerFromRight } from './cholesky.ts';
import { mainDirections } from './main-directions.ts';
import type { Matrix, Products } from './products.ts';

/** How a picture's features become what likeness is measured by. */
export interface Projection {
  readonly matrix: Matrix; // [rank, F]
  readonly bias: Float32Array; // [rank]
}

/** Rows of one concept each, by its index; there may be several of one. */
export interface Labelled {
  readonly concepts: Int32Array;
  readonly features: Matrix;
}

/** Of the scatter's diagonal. */
const SHRINKAGE = 0.1;
/** Rows whose scatter is added at once. */
const TOGETHER = 1024;

export async function learnProjection(
  parts: readonly Labelled[],
  rank: number,
  products: Products,
): Promise<Projection> {
  const means = conceptMeans(parts);
  const middle = meanOf([...means.values()]);
  const width = middle.length;
  const lower = cholesky(await scatter(parts, means, products), width);
  const whitened = new Float32Array(means.size * width);
  for (const [row, mean] of [...means.values()].entries()) {
    const apart = Float64Array.from(mean, (value, at) => value - (middle[at] as number));
    undoLower(lower, apart);
    whitened.set(apart, row * width);
  }
  const directions = await mainDirections(
    { rows: means.size, width, data: whitened },
    rank,
    products,
  );
  const data = new Float32Array(rank * width);
  const bias = new Float32Array(rank);
  for (let row = 0; row < rank; row++) {
    const direction = Float64Array.from(directions.data.subarray(row * width, (row + 1) * width));
    undoLowerFromRight(lower, direction);
    data.set(direction, row * width);
    bias[row] = -direction.reduce((sum, value, at) => sum + value * (middle[at] as number), 0);
  }
  return { matrix: { rows: rank, width, data }, bias };
}

/** The mean of each concept's rows. */
export function conceptMeans(parts: readonly Labelled[]): Map<number, Float64Array> {
  const sums = new Map<number, Float64Array>();
  const counts = new Map<number, number>();
  for (const { concepts, features } of parts) {
    const { width, data } = features;
    for (const [row, concept] of concepts.entries()) {
      const sum = sums.get(concept) ?? new Float64Array(width);
      for (let at = 0; at < width; at++) {
        sum[at] = (sum[at] as number) + (data[row * width + at] as number);
      }
      sums.set(concept, sum);
      counts.set(concept, (counts.get(concept) ?? 0) + 1);
    }
  }
  for (const [concept, sum] of sums) {
    const count = counts.get(concept) as number;
    for (let at = 0; at < sum.length; at++) sum[at] = (sum[at] as number) / count;
  }
  return new Map([...sums].sort(([a], [b]) => a - b));
}

/** Scatter of rows about their concepts' means, shrunk towards its diagonal. [F, F] */
async function scatter(
  parts: readonly Labelled[],
  means: ReadonlyMap<number, Float64Array>,
  products: Products,
): Promise<Float64Array> {
  const width = parts[0]?.features.width ?? 0;
  const sum = new Float64Array(width * width);
  let count = 0;
  for (const { concepts, features } of parts) {
    for (let first = 0; first < concepts.length; first += TOGETHER) {
      const some = concepts.subarray(first, first + TOGETHER);
      const apart = new Float32Array(some.length * width);
      for (const [row, concept] of some.entries()) {
        const mean = means.get(concept) as Float64Array;
        for (let at = 0; at < width; at++) {
          const value = features.data[(first + row) * width + at] as number;
          apart[row * width + at] = value - (mean[at] as number);
        }
      }
      const rows = { rows: some.length, width, data: apart };
      const { data } = await products.acrossRows(rows, rows);
      for (let at = 0; at < sum.length; at++) sum[at] = (sum[at] as number) + (data[at] as number);
      count += some.length;
    }
  }
  for (let row = 0; row < width; row++) {
    for (let at = 0; at < width; at++) {
      const value = (sum[row * width + at] as number) / count;
      sum[row * width + at] = row === at ? value + FLOOR : (1 - SHRINKAGE) * value;
    }
  }
  return sum;
}

/** Keeps what never varies from dividing by nothing. */
const FLOOR = 1e-4;

function meanOf(rows: readonly Float64Array[]): Float64Array {
  const mean = new Float64Array(rows[0]?.length ?? 0);
  for (const row of rows) {
    for (let at = 0; at < mean.length; at++) {
      mean[at] = (mean[at] as number) + (row[at] as number) / rows.length;
    }
  }
  return mean;
}

/** Features of length one behind the projection: [n, rank] */
export async function project(
  { matrix, bias }: Projection,
  features: Matrix,
  products: Products,
): Promise<Matrix> {
  const made = await products.rowByRow(features, matrix);
  const { rows, width, data } = made;
  for (let row = 0; row < rows; row++) {
    for (let at = 0; at < width; at++) {
      data[row * width + at] = (data[row * width + at] as number) + (bias[at] as number);
    }
  }
  return made;
}

/** Rows of length one. */
export function normalised({ rows, width, data }: Matrix): Matrix {
  const made = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) {
    let square = 0;
    for (let at = 0; at < width; at++) square += (data[row * width + at] as number) ** 2;
    const length = Math.sqrt(square);
    for (let at = 0; at < width; at++) {
      made[row * width + at] = (data[row * width + at] as number) / length;
    }
  }
  return { rows, width, data: made };
}
