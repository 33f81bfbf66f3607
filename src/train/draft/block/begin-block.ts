import { modelFolder } from '../../../checkpoint/model-folder.ts';
import type { BlockDraftConfig } from '../../../contracts/block-draft.ts';
import type { TargetConfig } from '../../../contracts/checkpoint.ts';
import { blockDraftShapes } from '../../../families/block-draft-layout.ts';
import { matchDraft } from '../../../families/match-draft.ts';
import { readBlockDraft } from '../../../families/read-block-draft.ts';
import { readFloats } from '../../../formats/read-tensor.ts';
import { initialBlockDraft } from '../../../learn/draft/block/initial-block.ts';
import { headTokens } from '../../../learn/draft/head-tokens.ts';
import type { Material } from '../../data/read-material.ts';
import type { SettledTraining } from '../settled-training.ts';
import { blockSizes } from './block-settings.ts';

export interface BlockBeginning {
  readonly config: BlockDraftConfig;
  /** What learns. */
  readonly weights: Map<string, Float32Array>;
}

/** The block draft to begin with: the one of a folder, or a new one for the target. */
export async function beginBlock(
  settings: SettledTraining,
  target: TargetConfig,
  { training }: Pick<Material, 'training'>,
): Promise<BlockBeginning> {
  const { from, headTokens: spoken } = settings.draft;
  if (from !== undefined) return readBeginning(from, target);
  const sizes = newBlockDraft(settings, target);
  const all = [...training.text, ...training.visual].map(({ tokens }) => tokens);
  const config =
    spoken === 0 || spoken >= sizes.vocabSize
      ? sizes
      : { ...sizes, headTokenIds: headTokens(all, spoken, sizes.vocabSize) };
  return { config, weights: initialBlockDraft(blockDraftShapes(config), settings.seed) };
}

async function readBeginning(dir: string, target: TargetConfig): Promise<BlockBeginning> {
  const { config, tensors } = await readBlockDraft(modelFolder(dir));
  matchDraft(config, target);
  const weights = new Map<string, Float32Array>();
  for (const [name, ref] of tensors) weights.set(name, await readFloats(ref));
  return { config, weights };
}

/** Layers of the target's form without its biases, which turn as the target's do. */
function newBlockDraft(
  settings: SettledTraining,
  { family, decoder }: TargetConfig,
): BlockDraftConfig {
  const { hiddenSize, heads, kvHeads, headDim, vocabSize } = decoder;
  const { rmsNormEps, ropeTheta, ropeScaling, mropeSection, contextLength } = decoder;
  const { layers, slots, rank } = blockSizes(settings);
  const { fusion, intermediateSize = decoder.intermediateSize } = settings.draft;
  return {
    ...{ family, hiddenSize, intermediateSize, layers, heads, kvHeads, headDim, vocabSize },
    ...{ rmsNormEps, ropeTheta, contextLength, slots, rank, fusion },
    ...(ropeScaling && { ropeScaling }),
    ...(mropeSection && { mropeSection }),
  };
}
