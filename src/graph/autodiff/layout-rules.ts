import { countOf } from '../dim.ts';
import type { Value } from '../graph.ts';
import {
  concat,
  padAxis,
  reshape,
  scatterRows,
  splitLike,
  transpose,
  zerosLike,
} from '../operators/layout.ts';
import { constantIntegers } from './constant-number.ts';
import { reshapeLike } from './reshape-like.ts';
import { perInput, type Rule } from './rule.ts';
import { unbroadcast } from './unbroadcast.ts';

export const layoutRules: Readonly<Record<string, Rule>> = {
  Reshape: perInput((g, { a }) => [() => reshapeLike(g, a)]),
  Transpose: perInput((g, { attributes }) => [
    () => transpose(g, inverse(attributes.perm as readonly number[])),
  ]),
  Expand: perInput((g, { a }) => [() => unbroadcast(g, a)]),
  Concat: ({ inputs, attributes }, [g]) => splitLike(g as Value, inputs, attributes.axis as number),
  Split: ({ outputs, attributes }, gradients) => {
    const parts = outputs.map((part, index) => gradients[index] ?? zerosLike(part));
    return [concat(parts, attributes.axis as number)];
  },
  Slice: perInput((g, { a, inputs }) => [
    () => {
      const [start, axis] = [inputs[1], inputs[3]].map(
        (value) => constantIntegers(value as Value)[0] as number,
      ) as [number, number];
      return padAxis(g, axis, start, a.shape[axis] as number);
    },
  ]),
  Gather: perInput((g, { a, b }) => [() => gatherRule(g, b, a)]),
};

/** Rows chosen by a table of indices are those chosen by its numbers one after the other. */
function gatherRule(g: Value, indices: Value, table: Value): Value {
  if (indices.shape.length === 1) return scatterRows(g, indices, table);
  const line = countOf(indices.shape);
  const rows = reshape(g, [line, ...table.shape.slice(1)]);
  return scatterRows(rows, reshape(indices, [line]), table);
}

function inverse(order: readonly number[]): number[] {
  const turned: number[] = [];
  for (const [to, from] of order.entries()) turned[from] = to;
  return turned;
}
