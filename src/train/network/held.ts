import type { TensorRef } from '../../contracts/checkpoint.ts';

/** Where the weights live that are learned. No file: a graph must be fed them. */
const HELD = 'held in memory';

/** A ref to a weight that is held in memory as fp32, for graphs that are fed it. */
export function heldRef(name: string, shape: readonly number[], index: number): TensorRef {
  const bytes = 4 * shape.reduce((product, dim) => product * dim, 1);
  return { name, dtype: 'F32', shape, path: HELD, offset: index, bytes };
}

export const isHeld = (ref: TensorRef): boolean => ref.path === HELD;
