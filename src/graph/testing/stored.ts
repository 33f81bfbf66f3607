import { join } from 'node:path';
import { tempFolder } from '../../checkpoint/testing/folders.ts';
import type { TensorRef } from '../../contracts/checkpoint.ts';
import { readSafetensorsHeader } from '../../safetensors/safetensors.ts';
import {
  type StoredTensor,
  writeSafetensors,
} from '../../safetensors/testing/write-safetensors.ts';

/** Writes tensors to a file that is gone when the test is over; their refs, by name. */
export async function stored<Name extends string>(
  tensors: Readonly<Record<Name, StoredTensor>>,
): Promise<Record<Name, TensorRef>> {
  const path = join(tempFolder(), 'weights.safetensors');
  writeSafetensors(path, tensors);
  return Object.fromEntries(await readSafetensorsHeader(path)) as Record<Name, TensorRef>;
}

export const f32 = (shape: readonly number[], data: Float32Array): StoredTensor => ({
  dtype: 'F32',
  shape,
  data,
});

/** A ref to nothing: enough to build a graph that never runs. */
export const refOf = (
  name: string,
  shape: readonly number[],
  dtype: TensorRef['dtype'] = 'F32',
): TensorRef => ({ name, dtype, shape, path: '/weights.safetensors', offset: 8, bytes: 4 });
