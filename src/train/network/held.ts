import { readFloats } from '../../checkpoint/read-tensor.ts';
import type { TensorRef } from '../../contracts/checkpoint.ts';

/** Where the weights live that are learned. No file: a graph must be fed them. */
const HELD = 'held in memory';

/** A ref to a weight that is held in memory as fp32, for graphs that are fed it. */
export function heldRef(name: string, shape: readonly number[], index: number): TensorRef {
  const bytes = 4 * shape.reduce((product, dim) => product * dim, 1);
  return { name, dtype: 'F32', shape, path: HELD, offset: index, bytes };
}

export const isHeld = (ref: TensorRef): boolean => ref.path === HELD;

/** Takes tensors into memory: refs for graphs, and the numbers. */
export async function hold(
  tensors: Iterable<TensorRef>,
): Promise<{ refs: Map<string, TensorRef>; weights: Map<string, Float32Array> }> {
  const refs = new Map<string, TensorRef>();
  const weights = new Map<string, Float32Array>();
  for (const tensor of tensors) {
    refs.set(tensor.name, heldRef(tensor.name, tensor.shape, refs.size));
    weights.set(tensor.name, await readFloats(tensor));
  }
  return { refs, weights };
}
