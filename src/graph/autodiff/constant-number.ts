import { GraphError } from '../../contracts/errors.ts';
import type { Value } from '../graph.ts';

/** The number that a value always is. */
export function constantNumber(value: Value): number {
  const data = value.graph.constants.find((constant) => constant.value === value)?.data;
  if (data?.length === 1) return Number(data[0]);
  throw new GraphError(
    `${value.name} must be a constant of one number to be differentiated through.`,
  );
}

/** The whole numbers that a value always is. */
export function constantIntegers(value: Value): number[] {
  const data = value.graph.constants.find((constant) => constant.value === value)?.data;
  if (data !== undefined) return Array.from(data as BigInt64Array, Number);
  throw new GraphError(`${value.name} must be a constant to be differentiated through.`);
}
