import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readTensorTable } from '../../checkpoint/tensor-table.ts';
import { ioError } from '../../files/io-error.ts';
import { readFloats } from '../../formats/read-tensor.ts';
import { writeSafetensors } from '../../safetensors/write-safetensors.ts';
import { merge } from './adapters.ts';
import type { TargetTraining } from './target-config.ts';
import type { TargetWeights } from './target-learning.ts';

/**
 * Writes a target in the published llava-hf layout: all tensors of the folder that it began as, those that learned with
 * their new numbers and adapters merged in, and the folder's other files as they are.
 */
export async function publishTarget(
  dir: string,
  from: string,
  { tensors, adapters, weights }: TargetWeights,
  { adapters: settings }: Pick<TargetTraining, 'adapters'>,
): Promise<void> {
  const stored = await readTensorTable(from);
  const held = new Map([...tensors.values()].map((ref) => [ref.name, weights.get(ref.name)]));
  const adapterOf = new Map(adapters.map((adapter) => [adapter.matrix.name, adapter]));
  const out: { name: string; shape: readonly number[]; dtype: 'F32'; data: Float32Array }[] = [];
  for (const ref of stored.values()) {
    const learned = held.get(ref.name);
    const data = learned ?? (await readFloats(ref));
    const adapter = adapterOf.get(ref.name);
    const merged = adapter === undefined ? data : data.slice();
    if (adapter !== undefined) {
      const [a, b] = [adapter.a, adapter.b].map(({ name }) => weights.get(name) as Float32Array);
      merge(merged, a as Float32Array, b as Float32Array, settings);
    }
    out.push({ name: ref.name, shape: ref.shape, dtype: 'F32', data: merged });
  }
  await copyOthers(from, dir);
  await writeSafetensors(join(dir, 'model.safetensors'), out, { format: 'pt' });
}

/** Everything of a model folder that holds no weights. */
export async function copyOthers(from: string, dir: string): Promise<void> {
  try {
    await mkdir(dir, { recursive: true });
    for (const entry of await readdir(from, { withFileTypes: true })) {
      if (!/\.(json|jinja|txt|model)$/.test(entry.name)) continue;
      if (entry.name.endsWith('.safetensors.index.json')) continue;
      await copyFile(join(from, entry.name), join(dir, entry.name));
    }
  } catch (cause) {
    throw ioError(dir, cause);
  }
}
