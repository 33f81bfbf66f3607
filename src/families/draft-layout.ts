import type { DraftConfig } from '../contracts/checkpoint.ts';
import { layerShapes } from './decoder/decoder-layout.ts';

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
