import { grad, type numpy as np } from '@jax-js/jax';
import type { Value } from '../../graph.ts';
import { distance, worstCase } from '../gradient-errors.ts';
import type { Doubles } from '../reference/doubles.ts';
import type { Numbers } from '../reference/evaluate.ts';
import { jaxFloats, jaxIntegers, numbersOf } from './arrays.ts';

export type JaxWeights = Record<string, np.Array>;

/** What a graph was given, by the names of its inputs, a new array each time. */
export function jaxInputs(given: Numbers): (name: string) => np.Array {
  const inputs = new Map([...given].map(([value, numbers]) => [value.name, { value, numbers }]));
  return (name) => {
    const found = inputs.get(name);
    if (found === undefined) throw new RangeError(`The graph has no input ${name}.`);
    return found.value.dtype === 'int32' ? jaxIntegers(found.numbers) : jaxFloats(found.numbers);
  };
}

/** What some values of a graph were given, as jax-js may use up. */
export const jaxStart = (wrt: ReadonlyMap<string, Value>, given: Numbers): JaxWeights =>
  Object.fromEntries([...wrt].map(([name, x]) => [name, jaxFloats(given.get(x) as Doubles)]));

/**
 * The largest ‖g - jax‖ / ‖jax‖ of gradients by these values.
 * @param gradients in the order of `wrt`
 */
export function compareGradients(
  lossOf: (weights: JaxWeights) => np.Array,
  wrt: ReadonlyMap<string, Value>,
  given: Numbers,
  gradients: readonly Doubles[],
): ReturnType<typeof worstCase> {
  const expected = grad(lossOf)(jaxStart(wrt, given)) as JaxWeights;
  const worst = worstCase();
  for (const [i, name] of [...wrt.keys()].entries()) {
    const theirs = numbersOf(expected[name] as np.Array);
    worst.note(distance((gradients[i] as Doubles).data, theirs), name);
  }
  return worst;
}
