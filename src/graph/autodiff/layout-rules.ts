import type { Value } from '../graph.ts';
import {
  concat,
  padAxis,
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
  Gather: perInput((g, { a, b }) => [() => scatterRows(g, b, a)]),
};

function inverse(order: readonly number[]): number[] {
  const turned: number[] = [];
  for (const [to, from] of order.entries()) turned[from] = to;
  return turned;
}
