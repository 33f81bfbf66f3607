import type { WeightRef } from '../../../contracts/checkpoint.ts';
import { uniform } from '../../../decode/uniform.ts';

/** Names and shapes of a draft's tensors. */
type Shapes = Iterable<readonly [name: string, shape: readonly number[]]>;

/** The table of the draft's words: the target's, which stays as it is. */
export const EMBEDDING = 'embed_tokens.weight';

/** What a draft learns, before training: norms 1, all else uniform within ± 1 / √inputs, as PyTorch begins a linear layer. */
export function initialDraft(
  shapes: Shapes,
  hiddenSize: number,
  seed: number,
): Map<string, Float32Array> {
  const weights = new Map<string, Float32Array>();
  let drawn = 0;
  for (const [name, shape] of shapes) {
    if (name === EMBEDDING) continue;
    const length = shape.reduce((product, dim) => product * dim, 1);
    const reach = 1 / Math.sqrt(inputsOf(name, shape, hiddenSize));
    const draw = () => (2 * uniform(seed, drawn++) - 1) * reach;
    const isNorm = name.endsWith('layernorm.weight');
    weights.set(name, new Float32Array(length).map(isNorm ? () => 1 : draw));
  }
  return weights;
}

/** Of the matrix that a tensor belongs to. */
function inputsOf(name: string, shape: readonly number[], hiddenSize: number): number {
  if (name === 'fc.bias') return 2 * hiddenSize;
  return shape[1] ?? hiddenSize;
}

/** A draft's tensors as graphs read them: what it learns from memory, its table from where it is. */
export function draftTensors(
  shapes: Shapes,
  embedding: WeightRef,
  weights: ReadonlyMap<string, Float32Array>,
): Map<string, WeightRef> {
  const tensors = new Map<string, WeightRef>();
  for (const [name, shape] of shapes) {
    const data = weights.get(name);
    tensors.set(name, data === undefined ? embedding : { name, dtype: 'F32', shape, data });
  }
  return tensors;
}
