import { copyFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readTensorTable } from '../../checkpoint/tensor-table.ts';
import type { TensorRef } from '../../contracts/checkpoint.ts';
import { ioError } from '../../files/io-error.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { writeWhole } from '../../files/write-file.ts';
import { readFloats } from '../../formats/read-tensor.ts';
import { merge } from '../../learn/target/adapters.ts';
import type { TargetWeights } from '../../learn/target/take-weights.ts';
import { refPieces } from '../../safetensors/ref-pieces.ts';
import { type StreamedTensor, streamSafetensors } from '../../safetensors/write-safetensors.ts';
import type { TargetTraining } from './target-config.ts';

/**
 * Writes a target in its published layout: all tensors of the folder that it began as, those that learned with their new
 * numbers and adapters merged in, the others bit by bit, and the folder's other files as they are.
 */
export async function publishTarget(
  dir: string,
  from: string,
  taken: TargetWeights,
  settings: Pick<TargetTraining, 'adapters'>,
): Promise<void> {
  const stored = await readTensorTable(from);
  const tensors = [...stored.values()].map((ref) => published(ref, taken, settings));
  await copyOthers(from, dir);
  const { pieces } = streamSafetensors(tensors, { format: 'pt' });
  await writeWhole(join(dir, 'model.safetensors'), pieces);
}

function published(
  ref: TensorRef,
  { weights, adapters }: TargetWeights,
  settings: Pick<TargetTraining, 'adapters'>,
): StreamedTensor {
  const { name, shape } = ref;
  const learned = weights.get(name);
  const adapter = adapters.find(({ matrix }) => matrix.name === name);
  if (learned === undefined && adapter === undefined) {
    return { name, shape, dtype: ref.dtype, pieces: () => refPieces(ref, ref.dtype) };
  }
  async function* pieces() {
    const data = learned ?? (await readFloats(ref));
    const merged = adapter === undefined ? data : data.slice();
    if (adapter !== undefined) merge(merged, adapter.a.data, adapter.b.data, settings.adapters);
    yield new Uint8Array(merged.buffer, merged.byteOffset, merged.byteLength);
  }
  return { name, shape, dtype: 'F32', pieces };
}

/** Everything of a model folder that holds no weights. */
export async function copyOthers(from: string, dir: string): Promise<void> {
  try {
    await makeFolder(dir);
    for (const entry of await readdir(from, { withFileTypes: true })) {
      if (!/\.(json|jinja|txt|model)$/.test(entry.name)) continue;
      if (entry.name.endsWith('.safetensors.index.json')) continue;
      await copyFile(join(from, entry.name), join(dir, entry.name));
    }
  } catch (cause) {
    throw ioError(dir, cause);
  }
}
