import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type StoredTensor,
  writeSafetensors,
} from '../../safetensors/testing/write-safetensors.ts';
import { readConfigFolder } from '../config-file.ts';
import { draftShapes } from '../drafts/draft.ts';
import { draftConfig } from '../drafts/draft-config.ts';

/** Writes the draft that a config describes into a folder, each tensor as `weights` gives it. */
export async function writeDraft(
  dir: string,
  config: object,
  weights: (name: string, shape: readonly number[]) => Float32Array | Promise<Float32Array>,
): Promise<void> {
  writeFileSync(join(dir, 'config.json'), JSON.stringify(config));
  const tensors: Record<string, StoredTensor> = {};
  for (const [name, shape] of draftShapes(draftConfig(await readConfigFolder(dir)))) {
    tensors[name] = { dtype: 'F32', shape, data: await weights(name, shape) };
  }
  writeSafetensors(join(dir, 'model.safetensors'), tensors);
}
