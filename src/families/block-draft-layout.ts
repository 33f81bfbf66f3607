import type { BlockDraftConfig } from '../contracts/block-draft.ts';
import { layerShapes } from './decoder/decoder-layout.ts';

/** The tensors of a block draft and their shapes, by DSpark's names where it has them. */
export function blockDraftShapes(config: BlockDraftConfig): Map<string, readonly number[]> {
  const { hiddenSize: h, layers, rank, vocabSize, headTokenIds } = config;
  return new Map([
    ['fc.weight', [h, h]],
    ['hidden_norm.weight', [h]],
    ['mask_embedding.weight', [h]],
    ...Array.from({ length: layers }, (_, n) => [
      ...layerShapes(`layers.${n}`, { ...config, inputNorm: true }),
    ]).flat(),
    ['norm.weight', [h]],
    ['markov_head.markov_w1.weight', [vocabSize, rank]],
    ['markov_head.markov_w2.weight', [headTokenIds?.length ?? vocabSize, rank]],
    ['confidence_head.proj.weight', [1, h + rank]],
    ['confidence_head.proj.bias', [1]],
  ]);
}
