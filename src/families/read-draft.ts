/**
 * Drafts as their authors store them: one decoder layer behind `fc`, and a copy of the target's embedding table. The
 * official loaders ignore what does not fit; this one refuses it.
 */
import type { DraftConfig, TensorRef, TensorTable } from '../contracts/checkpoint.ts';
import { CheckpointError } from '../contracts/errors.ts';
import type { ModelFolder } from '../contracts/model-folder.ts';
import { readConfigFiles } from './config-files.ts';
import { draftShapes } from './draft-layout.ts';
import { draftMethod, type LayerMethod, refuseOtherMethods } from './draft-method.ts';
import { draftConfig } from './families.ts';
import { matchTensors } from './match-tensors.ts';

/** A draft's folder, read and checked; the weights themselves stay in their files. */
export interface LayerDraftFiles {
  readonly config: DraftConfig;
  readonly method: LayerMethod;
  readonly tensors: ReadonlyMap<string, TensorRef>;
  /** Changes when a weight file does. */
  readonly fingerprint: string;
}

/**
 * The draft in a folder of `config.json` and weights (keys of the official code's state dict).
 * @throws UnsupportedDraftError, UnknownFamilyError, CheckpointError, or TensorsError.
 */
export async function readDraft(folder: ModelFolder): Promise<LayerDraftFiles> {
  const files = await readConfigFiles(folder);
  const table = await folder.tensors();
  await refuseOtherMethods(folder, files.config, table);
  refuseTarget(folder.path, table);
  const config = draftConfig(files);
  const tensors = matchTensors(folder.path, table, draftShapes(config));
  const fingerprint = await folder.fingerprint(tensors.values());
  return { config, method: draftMethod(config), tensors, fingerprint };
}

/** A model of its own has no layer that joins the target's features with embeddings. */
function refuseTarget(path: string, table: TensorTable): void {
  const names = [...table.keys()];
  if (table.has('fc.weight') || !names.some((name) => /(^|\.)layers\.1\./.test(name))) return;
  const problem =
    'this is a model of its own and no draft; give a draft that was trained for the model.';
  throw new CheckpointError(path, problem, { remedy: { kind: 'drop-option', option: 'draft' } });
}
