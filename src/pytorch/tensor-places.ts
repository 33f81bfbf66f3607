import type { TensorRef } from '../contracts/checkpoint.ts';
import { CheckpointError } from '../contracts/errors.ts';
import { printable } from '../contracts/printable.ts';
import type { PickledStorage, PickledTensor } from './pickle-value.ts';
import { TORCH_WEIGHTS, TORCH_WIDTHS } from './torch-dtypes.ts';
import type { ZipEntry } from './zip-entries.ts';

/**
 * Where each tensor's bytes stand in the file. Tensors may share a storage, as tied weights do, each a contiguous part
 * of it.
 * @param storageEntry the zip entry of a storage's key
 * @throws CheckpointError that names the first tensor that can't be bound as it stands
 */
export function tensorPlaces(
  path: string,
  real: string,
  tensors: Iterable<readonly [string, PickledTensor]>,
  storageEntry: (key: string) => ZipEntry | undefined,
): Map<string, TensorRef> {
  const seen = new Map<string, PickledStorage>();
  const refs = new Map<string, TensorRef>();
  for (const [name, tensor] of tensors) {
    const refuse = (problem: string) =>
      new CheckpointError(path, `tensor ${printable(name)} ${problem}`);
    const { storage, dtype, shape } = tensor;
    const weight = TORCH_WEIGHTS.get(dtype);
    const width = TORCH_WIDTHS.get(dtype) ?? 0;
    if (weight === undefined) {
      throw refuse(`is stored as ${dtype}; use a checkpoint in float32, float16 or bfloat16.`);
    }
    const first = seen.get(storage.key) ?? storage;
    seen.set(storage.key, first);
    if (first.bytes !== storage.bytes || first.dtype !== storage.dtype) {
      throw refuse('shares a storage that is described in two ways; fetch the file again.');
    }
    const entry = storageEntry(storage.key);
    if (entry?.bytes !== storage.bytes) {
      throw refuse(
        `needs a storage of ${storage.bytes} bytes and the file holds ${entry?.bytes ?? 'none'}; fetch it again.`,
      );
    }
    const bytes = shape.reduce((product, n) => product * n, width);
    if (bytes > 0 && !isContiguous(tensor)) {
      throw refuse(
        `is a view with strides [${tensor.strides.join(', ')}], which can't be used in place; call contiguous() on it and write it again.`,
      );
    }
    const start = tensor.offset * width;
    if (!Number.isSafeInteger(bytes) || !(start + bytes <= storage.bytes)) {
      throw refuse(`of shape [${shape.join(', ')}] reaches beyond its storage; fetch it again.`);
    }
    refs.set(name, { name, dtype: weight, shape, path: real, offset: entry.offset + start, bytes });
  }
  return refs;
}

/** Row by row without gaps; the stride of a single element means nothing. */
function isContiguous({ shape, strides }: PickledTensor): boolean {
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const n = shape[axis] as number;
    if (n !== 1 && strides[axis] !== step) return false;
    step *= n;
  }
  return true;
}
