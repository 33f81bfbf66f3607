import type { BlockDraftConfig } from '../../contracts/block-draft.ts';
import type { MemoryTensor } from '../../contracts/checkpoint.ts';
import { uniform } from '../../decode/uniform.ts';
import { blockDraftShapes } from '../../families/block-draft-layout.ts';

/** Of the tiny target, whose words and head it borrows. */
export const TINY_BLOCK: BlockDraftConfig = {
  family: 'llava',
  hiddenSize: 160,
  intermediateSize: 96,
  layers: 2,
  heads: 4,
  kvHeads: 2,
  headDim: 16,
  vocabSize: 1024,
  rmsNormEps: 1e-5,
  ropeTheta: 10_000,
  contextLength: 2048,
  slots: 6,
  rank: 8,
  fusion: 'decoupled',
};

/** Weights that say something: norms near 1, a bias that turns the order of candidates round. */
export function randomBlockDraft(config: BlockDraftConfig, seed = 1): Map<string, MemoryTensor> {
  let drawn = 0;
  const tensors = new Map<string, MemoryTensor>();
  for (const [name, shape] of blockDraftShapes(config)) {
    const count = shape.reduce((product, dim) => product * dim, 1);
    const isNorm = name.endsWith('norm.weight');
    const reach = name.startsWith('markov') ? 1.5 : 2 / Math.sqrt(shape.at(-1) as number);
    const data = Float32Array.from({ length: count }, () => {
      const x = 2 * uniform(seed, drawn++) - 1;
      return isNorm ? 1 + 0.2 * x : reach * x;
    });
    tensors.set(name, { name, shape, dtype: 'F32', data });
  }
  return tensors;
}
