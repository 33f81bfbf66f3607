/**
 * Drafts as their authors store them: one decoder layer behind `fc`, and a copy of the target's embedding table. The
 * official loaders ignore what does not fit; this one refuses it.
 */

import type {
  DraftConfig,
  TargetConfig,
  TensorRef,
  TensorTable,
} from '../../contracts/checkpoint.ts';
import { CheckpointError, DraftMismatchError } from '../../contracts/errors.ts';
import { readConfigFiles } from '../../families/config-files.ts';
import { layerShapes } from '../../families/decoder/decoder-layout.ts';
import { draftConfig, familyOf } from '../../families/families.ts';
import { matchTensors } from '../../families/match-tensors.ts';
import { modelFolder } from '../model-folder.ts';
import { checkMethod } from './draft-method.ts';

export interface Draft {
  readonly config: DraftConfig;
  readonly tensors: ReadonlyMap<string, TensorRef>;
}

/**
 * The draft in a folder of `config.json` and weights (keys of the official code's state dict).
 * @throws UnsupportedDraftError, UnknownFamilyError, CheckpointError, or TensorsError.
 */
export async function readDraft(dir: string): Promise<Draft> {
  const folder = modelFolder(dir);
  const files = await readConfigFiles(folder);
  const table = await folder.tensors();
  await checkMethod(folder, files.config, table);
  refuseTarget(dir, table);
  const config = draftConfig(files);
  return { config, tensors: matchTensors(dir, table, draftShapes(config)) };
}

/** A model of its own has no layer that joins the target's features with embeddings. */
function refuseTarget(dir: string, table: TensorTable): void {
  const names = [...table.keys()];
  if (table.has('fc.weight') || !names.some((name) => /(^|\.)layers\.1\./.test(name))) return;
  const problem =
    'this is a model of its own and no draft; give a draft that was trained for the model.';
  throw new CheckpointError(dir, problem, { remedy: { kind: 'drop-option', option: 'draft' } });
}

/**
 * Whether the draft can serve the target: it reads the target's features and speaks through the target's head. Its own
 * table may be shorter than the target's vocabulary (published: 32,000 against 32,064).
 * @throws DraftMismatchError that names what differs.
 */
export function matchDraft(
  draft: DraftConfig,
  { family, decoder }: Pick<TargetConfig, 'decoder' | 'family'>,
): void {
  if (!familyOf({ family }).drafts.includes(draft.family)) {
    throw new DraftMismatchError('family', draft.family, family);
  }
  if (draft.hiddenSize !== decoder.hiddenSize) {
    throw new DraftMismatchError('hidden size', draft.hiddenSize, decoder.hiddenSize);
  }
  if (draft.vocabSize > decoder.vocabSize) {
    throw new DraftMismatchError('vocabulary size', draft.vocabSize, decoder.vocabSize);
  }
}

/** The tensors of a draft and their shapes, by the official names. */
export function draftShapes(config: DraftConfig): Map<string, readonly number[]> {
  const { hiddenSize: h, vocabSize, fcBias, inputNorm = false } = config;
  return new Map([
    ['embed_tokens.weight', [vocabSize, h]],
    ['fc.weight', [h, 2 * h]],
    ...(fcBias ? ([['fc.bias', [h]]] as const) : []),
    ...layerShapes('layers.0', { ...config, inputNorm }),
  ]);
}
