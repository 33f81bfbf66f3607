/**
 * W8A8: products of 8-bit weights, scaled by column, with activations that are rounded to 8 bits row by row. A row's
 * scale is its own largest number, so a row's result does not depend on its neighbours, and the sums are of whole
 * numbers, so it does not depend on how many there are.
 */
import { type EightBitMatrix, PANEL_COLUMNS, type WeightRef } from '../../contracts/checkpoint.ts';
import { GraphError } from '../../contracts/errors.ts';
import { formatShape } from '../dim.ts';
import { dimOf, panelsWeight, type Value, weight } from '../graph.ts';
import { abs, add, cast, div, maximum, mul, scalar, scale } from '../operators/elementwise.ts';
import { integerMatmul, wholeNumbers } from '../operators/integer.ts';
import { gather, reshape, slice, transpose } from '../operators/layout.ts';
import { maxLast, sumOver } from '../operators/reduce.ts';

/** The largest whole number. */
const MOST = 127;
/** Smaller rows are taken for zeros. */
const LEAST = 1e-30;

/**
 * x [n, in] by all the matrices of one set of panels, plus bias [out] → [n, out]. Panels are narrow so that they are
 * read in the order in which they lie: without a copy of its own (pre-packing) ONNX Runtime multiplies with them at the
 * speed of memory, and with whole rows at half of it.
 */
export function eightBitProduct(x: Value, matrices: readonly WeightRef[], bias?: Value): Value {
  const { panels, steps } = sharedPanels(matrices);
  const { graph } = x;
  const [count, into] = panels.shape;
  if (dimOf(x, 1) !== into) {
    throw new GraphError(
      `Product of ${formatShape(x.shape)} with ${panels.name}: the rows must be ${into} wide.`,
    );
  }
  const { whole, size } = rounded(x);
  const sums = cast(integerMatmul(whole, panelsWeight(graph, panels)), 'float32'); // [panels, n, 64]
  const scaled = mul(mul(sums, size), weight(graph, steps));
  const columns = count * PANEL_COLUMNS;
  const rows = reshape(transpose(scaled, [1, 0, 2]), [dimOf(x, 0), columns]);
  const out = matrices.reduce((sum, { shape }) => sum + (shape[0] as number), 0);
  const y = out === columns ? rows : slice(rows, 1, 0, out);
  return bias === undefined ? y : add(y, bias);
}

/**
 * x [n, in] by some columns of a matrix alone in its panels, indices int32 [m] → [n, m]. They are picked when the
 * session is made, into a copy.
 */
export function chosenEightBitProduct(x: Value, matrix: WeightRef, indices: Value): Value {
  const { panels, steps } = sharedPanels([matrix]);
  const { graph } = x;
  const [count, into] = panels.shape;
  const columns = count * PANEL_COLUMNS;
  const lines = reshape(transpose(panelsWeight(graph, panels), [0, 2, 1]), [columns, into]);
  const chosen = transpose(gather(lines, indices), [1, 0]); // [in, m]
  const { whole, size } = rounded(x);
  const sums = cast(integerMatmul(whole, chosen), 'float32'); // [n, m]
  return mul(mul(sums, size), gather(reshape(weight(graph, steps), [columns]), indices));
}

/** The rows as whole numbers, and what one is worth in each: x [n, in] → uint8 [n, in], float32 [n, 1] */
function rounded(x: Value): { whole: Value; size: Value } {
  // The maximum overlooks NaN; the sum does not.
  const nothing = scale(sumOver(x, [-1]), 0);
  const largest = add(maximum(maxLast(abs(x)), scalar(x, LEAST)), nothing);
  const whole = wholeNumbers(mul(x, div(scalar(x, MOST), largest)));
  return { whole, size: scale(largest, 1 / MOST) };
}

/** The panels of these matrices, which hold them and no other, in this order. */
function sharedPanels(matrices: readonly WeightRef[]): EightBitMatrix {
  const first = matrices[0]?.eightBit;
  let columns = 0;
  const inOrder = matrices.every(({ eightBit, shape }) => {
    const fits = eightBit?.panels === first?.panels && eightBit?.first === columns;
    columns += shape[0] as number;
    return fits;
  });
  const panels = Math.ceil(columns / PANEL_COLUMNS);
  if (first !== undefined && inOrder && first.panels.shape[0] === panels) return first;
  throw new GraphError(
    `The 8-bit copies of ${matrices.map(({ name }) => name).join(', ')} do not lie side by side; convert them for this product.`,
  );
}
