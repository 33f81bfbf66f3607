import type { Value } from '../graph.ts';
import { sumOver } from '../operators/reduce.ts';
import { reshapeLike } from './reshape-like.ts';

/** A gradient summed over the axes along which `input` was repeated: [.., like the result] → input's shape */
export function unbroadcast(gradient: Value, input: Value): Value {
  const lead = gradient.shape.length - input.shape.length;
  const repeated = gradient.shape.flatMap((dim, axis) =>
    axis < lead || (input.shape[axis - lead] === 1 && dim !== 1) ? [axis] : [],
  );
  const summed = repeated.length === 0 ? gradient : sumOver(gradient, repeated);
  return lead === 0 ? summed : reshapeLike(summed, input);
}
