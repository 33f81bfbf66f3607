import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BlockDraftConfig } from '../../contracts/block-draft.ts';
import { randomBlockDraft } from '../../draft/testing/random-block-draft.ts';
import { blockDraftConfigJson } from '../../families/block-draft-config.ts';
import {
  type StoredTensor,
  writeSafetensors,
} from '../../safetensors/testing/write-safetensors.ts';

/** Writes a block draft of random weights into a folder; some fields of its config and some tensors may be others. */
export function writeRandomBlockDraft(
  dir: string,
  config: BlockDraftConfig,
  fields: Record<string, unknown> = {},
  change: (tensors: Record<string, StoredTensor>) => void = () => {},
): void {
  const json = { ...blockDraftConfigJson(config), ...fields };
  writeFileSync(join(dir, 'config.json'), JSON.stringify(json));
  const tensors: Record<string, StoredTensor> = {};
  for (const [name, { shape, data }] of randomBlockDraft(config)) {
    tensors[name] = { dtype: 'F32', shape, data };
  }
  change(tensors);
  writeSafetensors(join(dir, 'model.safetensors'), tensors);
}
