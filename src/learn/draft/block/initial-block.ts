import { uniform } from '../../../decode/uniform.ts';

/**
 * What a block draft learns, before training: norms 1, matrices uniform within ± 1 / √inputs, as PyTorch begins a linear
 * layer, the mask 0.02 · N, the rows of tokens before N(0, 1), and what they add to the logits 0.
 *
 * @param shapes of `blockDraftShapes`
 */
export function initialBlockDraft(
  shapes: Iterable<readonly [name: string, shape: readonly number[]]>,
  seed: number,
): Map<string, Float32Array> {
  let drawn = 0;
  const flat = (): number => 2 * uniform(seed, drawn++) - 1;
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - uniform(seed, drawn++))) *
    Math.cos(2 * Math.PI * uniform(seed, drawn++));
  const weights = new Map<string, Float32Array>();
  let inputs = 1; // of the matrix that a bias belongs to stands before it
  for (const [name, shape] of shapes) {
    inputs = shape[1] ?? inputs;
    const reach = 1 / Math.sqrt(inputs);
    const number = (): number => {
      if (name.endsWith('norm.weight')) return 1;
      if (name.startsWith('mask_embedding.')) return 0.02 * normal();
      if (name === 'markov_head.markov_w1.weight') return normal();
      if (name === 'markov_head.markov_w2.weight') return 0;
      return flat() * reach;
    };
    const length = shape.reduce((product, dim) => product * dim, 1);
    weights.set(name, Float32Array.from({ length }, number));
  }
  return weights;
}
