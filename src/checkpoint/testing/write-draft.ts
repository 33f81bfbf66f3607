import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfigFiles } from '../../families/config-files.ts';
import { draftShapes } from '../../families/draft-layout.ts';
import { draftConfig } from '../../families/families.ts';
import {
  type StoredTensor,
  writeSafetensors,
} from '../../safetensors/testing/write-safetensors.ts';
import { modelFolder } from '../model-folder.ts';

/** Writes the draft that a config describes into a folder, each tensor as `weights` gives it. */
export async function writeDraft(
  dir: string,
  config: object,
  weights: (name: string, shape: readonly number[]) => Float32Array | Promise<Float32Array>,
): Promise<void> {
  writeFileSync(join(dir, 'config.json'), JSON.stringify(config));
  const tensors: Record<string, StoredTensor> = {};
  for (const [name, shape] of draftShapes(draftConfig(await readConfigFiles(modelFolder(dir))))) {
    tensors[name] = { dtype: 'F32', shape, data: await weights(name, shape) };
  }
  writeSafetensors(join(dir, 'model.safetensors'), tensors);
}
