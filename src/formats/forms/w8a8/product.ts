/**
 * Products in 8 bits. A row's scale is its own size and the sums are of whole numbers, so nothing in a row's result depends
 * on its neighbours, nor on how many there are.
 */
import type { ConvertedTensor, WeightRef } from '../../../contracts/checkpoint.ts';
import { GraphError } from '../../../contracts/errors.ts';
import { formatShape } from '../../../graph/dim.ts';
import { dimOf, fixedDim, type Value, weight } from '../../../graph/graph.ts';
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
import { concat, gather, reshape, slice, transpose } from '../../../graph/operators/layout.ts';
import { maxLast, sumOver, unitRows } from '../../../graph/operators/reduce.ts';
import { sideBySide } from '../side-by-side.ts';
import { MOST, type PanelLayout } from './panel-layout.ts';
import { isSpread, turned } from './turn-rows.ts';

type Parts = Record<keyof PanelLayout, ConvertedTensor>;

/** Added to a row's mean square: rows that are smaller are taken for zeros. */
const LEAST = 1e-30;
/**
 * What a whole number counts where a row's root mean square is 1. Turned rows are bell-shaped: one number in two million is
 * larger than the largest that counts.
 */
const STEP = 5.5 / MOST;

/** x [n, in] by matrices that lie side by side, plus biases → [n, out] */
export function product(x: Value, matrices: readonly WeightRef[], biases: readonly Value[]): Value {
  const form = sideBySide(matrices);
  const { sides, outputs } = form;
  const { panels, steps } = form.parts as Parts;
  const into = panels.shape[1];
  if (dimOf(x, 1) !== into) {
    throw new GraphError(
      `Product of ${formatShape(x.shape)} with ${panels.name}: the rows must be ${into} wide.`,
    );
  }
  const { whole, step, sized } = rounded(sides.reads === undefined ? turned(x) : x);
  const all = byPanels(whole, step, { panels, steps });
  const y = sized(dimOf(all, 1) === outputs ? all : slice(all, 1, 0, outputs));
  const added = biases.map((bias, index) => asWritten(bias, sides.writes?.[index]));
  return added.length === 0 ? y : add(y, concat(added, 0));
}

/** x [n, in] by some columns, indices int32 [m] → [n, m]. They are picked when the session is made, into a copy. */
export function chosenProduct(x: Value, matrix: WeightRef, indices: Value): Value {
  const { panels, steps } = sideBySide([matrix]).parts as Parts;
  const { graph } = x;
  const [count, into, columns] = panels.shape as [number, number, number];
  const all = reshape(transpose(weight(graph, panels), [0, 2, 1]), [count * columns, into]);
  const chosen = transpose(gather(all, indices), [1, 0]); // [in, m]
  const chosenSteps = gather(weight(graph, steps, [count * columns]), indices);
  const { whole, step, sized } = rounded(turned(x));
  return sized(wholeProduct(whole, chosen, step, chosenSteps));
}

/** Rows as whole numbers from -127 to 127. */
interface Rounded {
  readonly whole: Value; // uint8 [n, in]
  /** What one counts where a row's size is 1. */
  readonly step: number;
  /** The products of such rows [n, out] times the size of each, NaN where the row is not finite. */
  readonly sized: (products: Value) => Value;
}

/** By their root mean square, or by their largest number where that may be out of reach of it. */
function rounded(x: Value): Rounded {
  if (!isSpread(fixedDim(x, 1))) return roundedByLargest(x);
  const { unit, perSize } = unitRows(x, LEAST);
  return { whole: wholeNumbers(unit, STEP), step: STEP, sized: (y) => div(y, perSize) };
}

function roundedByLargest(x: Value): Rounded {
  const nothing = scale(sumOver(x, [-1]), 0); // the maximum overlooks NaN; the sum does not
  const size = maximum(maximum(maxLast(abs(x)), nothing), scalar(x, LEAST));
  const step = 1 / MOST;
  return { whole: wholeNumbers(div(x, size), step), step, sized: (y) => mul(y, size) };
}

/** A bias [out] as its matrix writes. */
const asWritten = (bias: Value, run: number | undefined): Value =>
  run === undefined ? bias : reshape(turned(reshape(bias, [1, dimOf(bias, 0)]), run), bias.shape);

/** uint8 [n, in] by all columns, each times its step → float32 [n, columns of all panels] */
function byPanels(whole: Value, step: number, { panels, steps }: Parts): Value {
  const { graph } = whole;
  const [count, into, columns] = panels.shape as [number, number, number];
  if (count === 1) {
    return wholeProduct(
      whole,
      weight(graph, panels, [into, columns]),
      step,
      weight(graph, steps, [columns]),
    );
  }
  const y = wholeProduct(whole, weight(graph, panels), step, weight(graph, steps)); // [panels, n, 64]
  return reshape(transpose(y, [1, 0, 2]), [dimOf(whole, 0), count * columns]);
}
