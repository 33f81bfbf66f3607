/**
 * Low-rank adapters (Hu et al., 2021): a frozen matrix W [out, in] is read as W + (alpha / rank) · B · A with
 * A [rank, in] and B [out, rank] learned. Merged in the end, they leave a plain checkpoint.
 */
import type { MemoryTensor, WeightRef } from '../../contracts/checkpoint.ts';
import { uniform } from '../../decode/uniform.ts';
import { type Graph, substitute, weight } from '../../graph/graph.ts';
import { add, cast, scale } from '../../graph/operators/elementwise.ts';
import { product } from '../../graph/operators/matrix.ts';
import type { LlamaWeights } from '../../model/llama.ts';

export interface AdapterSettings {
  readonly rank: number;
  readonly alpha: number;
}

/** A matrix with its two factors. */
export interface Adapter {
  readonly matrix: WeightRef;
  readonly a: MemoryTensor;
  readonly b: MemoryTensor;
}

/** The matrices of the decoder's layers, which adapters adapt. */
export const adaptedMatrices = ({ layers }: Pick<LlamaWeights, 'layers'>): Set<WeightRef> =>
  new Set(
    layers.flatMap(({ query, key, value, output, gate, up, down }) =>
      [query, key, value, output, gate, up, down].map(({ weight }) => weight),
    ),
  );

/**
 * The factors of a matrix [out, in], by its published name. A is uniform within ± 1 / √in as PyTorch begins a linear
 * layer, B zero: the adapted network begins as it was.
 *
 * @param random a number in [0, 1) for each index
 */
export function initialFactors(
  { name, shape }: Pick<WeightRef, 'name' | 'shape'>,
  rank: number,
  random: (index: number) => number,
): Pick<Adapter, 'a' | 'b'> {
  const [out, into] = shape as [number, number];
  const stem = name.replace(/\.weight$/, '');
  const reach = 1 / Math.sqrt(into);
  const data = new Float32Array(rank * into).map((_, index) => (2 * random(index) - 1) * reach);
  return {
    a: { name: `${stem}.lora_A`, dtype: 'F32', shape: [rank, into], data },
    b: {
      name: `${stem}.lora_B`,
      dtype: 'F32',
      shape: [out, rank],
      data: new Float32Array(out * rank),
    },
  };
}

/** A source of numbers for `initialFactors` that differs from matrix to matrix. */
export const factorSource = (seed: number, matrix: number) => (index: number) =>
  uniform(seed * 65_537 + matrix, index);

/** Lets the graph's coming nodes read adapted matrices. */
export function adapt(
  graph: Graph,
  adapters: readonly Adapter[],
  { rank, alpha }: AdapterSettings,
) {
  for (const { matrix, a, b } of adapters) {
    const low = product(weight(graph, b), weight(graph, a)); // [out, in]
    substitute(
      graph,
      matrix,
      add(cast(weight(graph, matrix), 'float32'), scale(low, alpha / rank)),
    );
  }
}

/** W + (alpha / rank) · B · A, in place. */
export function merge(
  matrix: Float32Array, // [out, in]
  a: Float32Array, // [rank, in]
  b: Float32Array, // [out, rank]
  { rank, alpha }: AdapterSettings,
): void {
  const into = a.length / rank;
  for (let row = 0; row * into < matrix.length; row++) {
    for (let r = 0; r < rank; r++) {
      const factor = ((b[row * rank + r] as number) * alpha) / rank;
      for (let i = 0; i < into; i++) {
        const at = row * into + i;
        matrix[at] = (matrix[at] as number) + factor * (a[r * into + i] as number);
      }
    }
  }
}
