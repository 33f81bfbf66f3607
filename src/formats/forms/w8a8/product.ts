/**
 * Products in 8 bits. A row's scale is its own largest number and the sums are of whole numbers, so nothing in a row's
 * result depends on its neighbours, nor on how many there are.
 */
import type { ConvertedTensor, Product, WeightRef } from '../../../contracts/checkpoint.ts';
import { GraphError } from '../../../contracts/errors.ts';
import { formatShape } from '../../../graph/dim.ts';
import { dimOf, type Value, weight } from '../../../graph/graph.ts';
import {
  abs,
  add,
  div,
  maximum,
  mul,
  scalar,
  scale,
} from '../../../graph/operators/elementwise.ts';
import { wholeNumbers, wholeProduct } from '../../../graph/operators/integer.ts';
import { gather, reshape, slice, transpose } from '../../../graph/operators/layout.ts';
import { maxLast, sumOver } from '../../../graph/operators/reduce.ts';
import { sideBySide } from '../side-by-side.ts';
import { MOST, type PanelLayout } from './panel-layout.ts';
import { turned } from './turn-rows.ts';

type Parts = Record<keyof PanelLayout, ConvertedTensor>;

/** Rows whose numbers are all smaller are taken for zeros. */
const LEAST = 1e-30;

/** x [n, in] by matrices that lie side by side, plus bias [out] → [n, out] */
export function product(x: Value, matrices: Product<WeightRef>, bias?: Value): Value {
  const form = sideBySide(matrices);
  const { panels } = form.parts as Parts;
  if (dimOf(x, 1) !== panels.shape[1]) {
    throw new GraphError(
      `Product of ${formatShape(x.shape)} with ${panels.name}: the rows must be ${panels.shape[1]} wide.`,
    );
  }
  const { whole, size } = rounded(x);
  const columns = byPanels(whole, form.parts as Parts);
  const isFull = dimOf(columns, 1) === form.outputs;
  const y = mul(isFull ? columns : slice(columns, 1, 0, form.outputs), size);
  return bias === undefined ? y : add(y, bias);
}

/** x [n, in] by some columns, indices int32 [m] → [n, m]. They are picked when the session is made, into a copy. */
export function chosenProduct(x: Value, matrix: WeightRef, indices: Value): Value {
  const { panels, steps } = sideBySide([matrix]).parts as Parts;
  const { graph } = x;
  const [count, into, columns] = panels.shape as [number, number, number];
  const all = reshape(transpose(weight(graph, panels), [0, 2, 1]), [count * columns, into]);
  const chosen = transpose(gather(all, indices), [1, 0]); // [in, m]
  const chosenSteps = gather(weight(graph, steps, [count * columns]), indices);
  const { whole, size } = rounded(x);
  return mul(wholeProduct(whole, chosen, chosenSteps), size);
}

/**
 * The rows, turned, as whole numbers that count from -127 to 127, and what 127 is worth in each, NaN where the row is not finite:
 * x [n, in] → uint8 [n, in], float32 [n, 1]
 */
function rounded(rows: Value): { whole: Value; size: Value } {
  const x = turned(rows);
  const nothing = scale(sumOver(x, [-1]), 0); // the maximum overlooks NaN; the sum does not
  const size = maximum(maxLast(abs(x)), nothing, scalar(x, LEAST));
  return { whole: wholeNumbers(div(x, size), 1 / MOST), size };
}

/** uint8 [n, in] by all columns, each times its step → float32 [n, columns of all panels] */
function byPanels(whole: Value, { panels, steps }: Parts): Value {
  const { graph } = whole;
  const [count, into, columns] = panels.shape as [number, number, number];
  if (count === 1) {
    return wholeProduct(
      whole,
      weight(graph, panels, [into, columns]),
      weight(graph, steps, [columns]),
    );
  }
  const y = wholeProduct(whole, weight(graph, panels), weight(graph, steps)); // [panels, n, 64]
  return reshape(transpose(y, [1, 0, 2]), [dimOf(whole, 0), count * columns]);
}
