import type { BlockDraftConfig } from '../contracts/block-draft.ts';
import type { TensorRef } from '../contracts/checkpoint.ts';
import type { ModelFolder } from '../contracts/model-folder.ts';
import { blockDraftConfig } from './block-draft-config.ts';
import { blockDraftShapes } from './block-draft-layout.ts';
import { readConfigFiles } from './config-files.ts';
import { matchTensors } from './match-tensors.ts';

/** A block draft's folder, read and checked; the weights themselves stay in their files. */
export interface BlockDraftFiles {
  readonly method: 'block';
  readonly config: BlockDraftConfig;
  readonly tensors: ReadonlyMap<string, TensorRef>;
  /** Changes when a weight file does. */
  readonly fingerprint: string;
}

/**
 * The block draft in a folder of `config.json` and weights.
 * @throws CheckpointError that names the field, or TensorsError with every tensor that does not fit
 */
export async function readBlockDraft(folder: ModelFolder): Promise<BlockDraftFiles> {
  const config = blockDraftConfig((await readConfigFiles(folder)).config);
  const tensors = matchTensors(folder.path, await folder.tensors(), blockDraftShapes(config));
  const fingerprint = await folder.fingerprint(tensors.values());
  return { method: 'block', config, tensors, fingerprint };
}
