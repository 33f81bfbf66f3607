import { cp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { modelFolder } from '../../src/checkpoint/model-folder.ts';
import type { WeightDtype } from '../../src/contracts/checkpoint.ts';
import { narrowFloats, tooLarge } from '../../src/formats/narrow-floats.ts';
import { readFloats } from '../../src/formats/read-tensor.ts';
import { writeSafetensors } from '../../src/safetensors/testing/write-safetensors.ts';

/** Copies a model's folder, its weights as one file of another type. */
export async function narrowedFolder(from: string, to: string, dtype: WeightDtype): Promise<void> {
  for (const file of await readdir(from)) {
    if (!/safetensors/.test(file)) await cp(join(from, file), join(to, file), { recursive: true });
  }
  const path = join(to, 'model.safetensors');
  const tensors: Record<string, { dtype: string; shape: readonly number[]; data: Uint8Array }> = {};
  for (const [name, ref] of await modelFolder(from).tensors()) {
    const data = narrowFloats(await readFloats(ref), dtype);
    if (data === undefined) throw tooLarge(path, name, dtype);
    tensors[name] = { dtype, shape: ref.shape, data };
  }
  writeSafetensors(path, tensors);
}
