import { modelFolder } from '../../../checkpoint/model-folder.ts';
import type {
  DraftConfig,
  TargetConfig,
  TensorRef,
  WeightRef,
} from '../../../contracts/checkpoint.ts';
import { ConfigError } from '../../../contracts/errors.ts';
import type { DraftPositions } from '../../../contracts/load.ts';
import { draftShapes } from '../../../families/draft-layout.ts';
import { draftFamilyOf } from '../../../families/families.ts';
import { matchDraft } from '../../../families/match-draft.ts';
import { readDraft } from '../../../families/read-draft.ts';
import { readFloats } from '../../../formats/read-tensor.ts';
import { headTokens } from '../../../learn/draft/head-tokens.ts';
import { EMBEDDING, initialDraft } from '../../../learn/draft/msd/initial-draft.ts';
import type { Material } from '../../data/read-material.ts';
import type { DraftTraining } from '../draft-config.ts';

export interface DraftBeginning {
  readonly config: DraftConfig;
  readonly embedding: WeightRef;
  /** What learns. */
  readonly weights: Map<string, Float32Array>;
}

/** The draft to begin with: the one of a folder, or a new one for the target, over the target's table of words. */
export async function beginMsd(
  { draft, seed }: DraftTraining,
  target: TargetConfig,
  { training }: Pick<Material, 'training'>,
  placing: DraftPositions,
  embedding: WeightRef,
): Promise<DraftBeginning> {
  if (draft.from !== undefined) return readBeginning(draft.from, placing, target);
  const all = [...training.text, ...training.visual].map(({ tokens }) => tokens);
  const sizes = newDraft(target, draft);
  const config =
    draft.headTokens === 0 || draft.headTokens >= sizes.vocabSize
      ? sizes
      : { ...sizes, headTokenIds: headTokens(all, draft.headTokens, sizes.vocabSize) };
  requireAxes(config, placing);
  const weights = initialDraft(draftShapes(config), config.hiddenSize, seed);
  return { config, embedding, weights };
}

async function readBeginning(
  dir: string,
  placing: DraftPositions,
  target: TargetConfig,
): Promise<DraftBeginning> {
  const { config, tensors } = await readDraft(modelFolder(dir));
  matchDraft(config, target);
  const family = draftFamilyOf(target);
  if (config.family !== family || config.ropeScaling !== undefined) {
    const problem = `must be a draft with model_type ${family}, as this target's are, without RoPE scaling.`;
    throw new ConfigError('draft.from', problem);
  }
  requireAxes(config, placing);
  const weights = new Map<string, Float32Array>();
  for (const [name, ref] of tensors) {
    if (name !== EMBEDDING) weights.set(name, await readFloats(ref));
  }
  return { config, embedding: tensors.get(EMBEDDING) as TensorRef, weights };
}

function requireAxes({ mropeSection }: DraftConfig, placing: DraftPositions): void {
  if (placing === 'published' || mropeSection !== undefined) return;
  const problem = 'is mrope, which only drafts of targets with M-RoPE know; use published.';
  throw new ConfigError('draft.positions', problem);
}

/**
 * A draft for a target: a layer of the official form, whatever biases and stretched positions the target has. Drafts of
 * targets with M-RoPE have an input norm and biases, as those of Qwen2-VL are published.
 */
export function newDraft(
  target: TargetConfig,
  { intermediateSize }: Pick<DraftTraining['draft'], 'intermediateSize'> = {},
): DraftConfig {
  const { hiddenSize, heads, kvHeads, headDim, vocabSize } = target.decoder;
  const { rmsNormEps, ropeTheta, contextLength, mropeSection } = target.decoder;
  return {
    family: draftFamilyOf(target),
    hiddenSize,
    heads,
    kvHeads,
    headDim,
    vocabSize,
    rmsNormEps,
    ropeTheta,
    contextLength,
    fcBias: true,
    intermediateSize: intermediateSize ?? target.decoder.intermediateSize,
    ...(mropeSection && { inputNorm: true, qkvBias: true, mropeSection }),
  };
}
