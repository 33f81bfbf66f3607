import { input, type Value } from '../graph.ts';
import { add, mul } from '../operators/elementwise.ts';
import { sumAll } from '../operators/reduce.ts';
import type { Posed } from './posed.ts';
import { doubles } from './reference/doubles.ts';
import { evaluate } from './reference/evaluate.ts';

/** A loss [1] that depends on every number of the outputs, by a random weight from -1 to 1. */
export function weightedSum(
  outputs: readonly Value[],
  { given, random }: Pick<Posed, 'given' | 'random'>,
): Value {
  const sums = evaluate(outputs, given).map(({ shape, data }, i) => {
    const output = outputs[i] as Value;
    const weights = input(output.graph, `weights${i}`, 'float32', output.shape);
    const numbers = data.map(() => Math.fround(2 * random() - 1));
    given.set(weights, doubles(numbers, shape));
    return sumAll(mul(output, weights));
  });
  return sums.reduce(add);
}
