/**
 * Drafts as their authors store them: one decoder layer behind `fc`, and a copy of the target's embedding table. The
 * official loaders ignore what does not fit; this one refuses it.
 */

import type { DraftConfig, TargetConfig, TensorRef } from '../../contracts/checkpoint.ts';
import { DraftMismatchError } from '../../contracts/errors.ts';
import { readConfigFolder } from '../config-file.ts';
import { layerShapes } from '../decoder-shapes.ts';
import { matchTensors } from '../match-tensors.ts';
import { readTensorTable } from '../tensor-table.ts';
import { draftConfig } from './draft-config.ts';
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
  const folder = await readConfigFolder(dir);
  const table = await readTensorTable(dir);
  await checkMethod(folder, table);
  const config = draftConfig(folder);
  return { config, tensors: matchTensors(dir, table, draftShapes(config)) };
}

/** The targets that a draft of each family was made for, or can read the text of; those who read pictures first. */
const TARGETS: Readonly<Record<DraftConfig['family'], readonly TargetConfig['family'][]>> = {
  llava: ['llava', 'llava_next'],
  qwen2_vl: ['qwen2_vl', 'qwen2_5_vl'],
  idefics3: ['idefics3', 'smolvlm'],
  llama: ['llama', 'llava', 'llava_next', 'idefics3', 'smolvlm'],
  qwen2: ['qwen2', 'qwen2_vl', 'qwen2_5_vl'],
};

/** The family of the drafts that are made for a target. */
export function draftFamilyOf({ family }: Pick<TargetConfig, 'family'>): DraftConfig['family'] {
  const made = Object.entries(TARGETS).find(([, targets]) => targets.includes(family));
  return made?.[0] as DraftConfig['family']; // every target has drafts
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
  if (!TARGETS[draft.family].includes(family)) {
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
