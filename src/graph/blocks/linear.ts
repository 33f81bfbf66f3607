import type { WeightRef } from '../../contracts/checkpoint.ts';
import { GraphError } from '../../contracts/errors.ts';
import type { Form } from '../../formats/forms/form.ts';
import { formOf } from '../../formats/forms/forms.ts';
import type { Value } from '../graph.ts';
import { split } from '../operators/layout.ts';
import { floats } from './stored-rows.ts';

/** A matrix as stored, [out, in], with its bias if it has one. */
export interface LinearWeights {
  readonly weight: WeightRef;
  readonly bias?: WeightRef;
}

/**
 * x [n, in] → [n, out]: the one way from activations through a weight matrix, which says in what form it is read. A weight
 * with more axes (a convolution's) is read as [out, the rest].
 */
export const linear = (x: Value, part: LinearWeights): Value => joint(x, [part]);

/**
 * Several matrices that read the same rows, as one product, cut into parts of the given widths:
 * x [n, in] → [n, widths[0]], [n, widths[1]], …
 */
export const linears = (
  x: Value,
  parts: readonly LinearWeights[],
  widths: readonly number[],
): Value[] => split(joint(x, parts), widths, 1);

function joint(x: Value, parts: readonly LinearWeights[]): Value {
  const matrices = parts.map((part) => part.weight);
  const biases = parts.flatMap((part) => (part.bias ? [floats(x.graph, part.bias)] : []));
  if (biases.length !== 0 && biases.length !== parts.length) {
    throw new GraphError('Matrices of one product must all have a bias, or none.');
  }
  return sharedForm(matrices).product(x, matrices, biases);
}

function sharedForm(matrices: readonly WeightRef[]): Form {
  const [form, ...others] = new Set(matrices.map(formOf));
  if (form !== undefined && others.length === 0) return form;
  const names = matrices.map(({ name }) => name).join(', ');
  throw new GraphError(
    `${names} are one product but not in one form; convert all of them, or none.`,
  );
}

/** `linear` by some of the matrix's outputs only: x [n, in], indices int32 [m] → [n, m] */
export function chosenLinear(x: Value, matrix: WeightRef, indices: Value): Value {
  return formOf(matrix).chosenProduct(x, matrix, indices);
}
