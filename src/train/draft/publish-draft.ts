import { join } from 'node:path';
import type { WeightRef } from '../../contracts/checkpoint.ts';
import { writeWhole } from '../../files/write-file.ts';
import { readFloats } from '../../formats/read-tensor.ts';
import { writeSafetensors } from '../../safetensors/write-safetensors.ts';
import { toHalves } from '../features/float16.ts';

/**
 * Writes a draft as `config.json` and `model.safetensors`.
 * @param shapes of its tensors, in the order in which they are written
 */
export async function publishDraft(
  dir: string,
  config: object,
  shapes: Iterable<readonly [name: string, shape: readonly number[]]>,
  { weights, dtype }: { weights: ReadonlyMap<string, WeightRef>; dtype: 'F32' | 'F16' },
): Promise<void> {
  const tensors = await Promise.all(
    [...shapes].map(async ([name, shape]) => {
      const data = await readFloats(weights.get(name) as WeightRef);
      return dtype === 'F16'
        ? { name, shape, dtype, data: toHalves(data) }
        : { name, shape, dtype, data };
    }),
  );
  await writeSafetensors(join(dir, 'model.safetensors'), tensors, { format: 'pt' });
  const said = { ...config, torch_dtype: dtype === 'F16' ? 'float16' : 'float32' };
  await writeWhole(join(dir, 'config.json'), `${JSON.stringify(said, null, 2)}\n`);
}
