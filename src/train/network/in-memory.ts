import type { Stored, TensorRef } from '../../contracts/checkpoint.ts';

/** Where the weights live that are learned. No file: a graph must be fed them. */
const IN_MEMORY = 'held in memory';

/** A ref to a weight that is held in memory as fp32, for graphs that are fed it. */
export function inMemoryRef(name: string, shape: readonly number[], index: number): TensorRef {
  const bytes = 4 * shape.reduce((product, dim) => product * dim, 1);
  return { name, dtype: 'F32', shape, path: IN_MEMORY, offset: index, bytes };
}

export const isInMemory = (ref: Pick<Stored, 'path'>): boolean => ref.path === IN_MEMORY;
