import { draftShapes } from '../../checkpoint/drafts/draft.ts';
import type { DraftConfig } from '../../contracts/checkpoint.ts';
import { uniform } from '../../decode/uniform.ts';

/** The table of the draft's words: a copy of the target's, which stays as it is. */
export const EMBEDDING = 'embed_tokens.weight';

/** What a draft learns, before training: norms 1, all else uniform within ± 1 / √inputs, as PyTorch begins a linear layer. */
export function initialDraft(config: DraftConfig, seed: number): Map<string, Float32Array> {
  const weights = new Map<string, Float32Array>();
  let drawn = 0;
  for (const [name, shape] of draftShapes(config)) {
    if (name === EMBEDDING) continue;
    const length = shape.reduce((product, dim) => product * dim, 1);
    const inputs = name === 'fc.bias' ? 2 * config.hiddenSize : (shape[1] ?? 1);
    const reach = 1 / Math.sqrt(inputs);
    const draw = () => (2 * uniform(seed, drawn++) - 1) * reach;
    const isNorm = name.endsWith('layernorm.weight');
    weights.set(name, new Float32Array(length).map(isNorm ? () => 1 : draw));
  }
  return weights;
}
