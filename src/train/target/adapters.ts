/**
 * Low-rank adapters (Hu et al., 2021): a frozen matrix W [out, in] is read as W + (alpha / rank) · B · A with
 * A [rank, in] and B [out, rank] learned. Merged in the end, they leave a plain checkpoint.
 */
import type { TensorRef } from '../../contracts/checkpoint.ts';
import { uniform } from '../../decode/uniform.ts';
import { type Graph, substitute, weight } from '../../graph/graph.ts';
import { add, cast, scale } from '../../graph/operators/elementwise.ts';
import { product } from '../../graph/operators/matrix.ts';

export interface AdapterSettings {
  readonly rank: number;
  readonly alpha: number;
}

/** A matrix with its two factors. */
export interface Adapter {
  readonly matrix: TensorRef;
  readonly a: TensorRef;
  readonly b: TensorRef;
}

export const isAdapter = (name: string): boolean => /\.lora_[AB]$/.test(name);

/** The matrices of the decoder's layers, which adapters adapt. */
export const isAdapted = (name: string): boolean =>
  /\.layers\.\d+\.(self_attn|mlp)\.\w+_proj\.weight$/.test(name) &&
  name.startsWith('language_model.');

/** Names and shapes of the factors of a matrix [out, in]. */
export function factorShapes({ name, shape }: TensorRef, rank: number) {
  const [out, into] = shape as [number, number];
  const stem = name.replace(/\.weight$/, '');
  return [
    { name: `${stem}.lora_A`, shape: [rank, into] },
    { name: `${stem}.lora_B`, shape: [out, rank] },
  ] as const;
}

/** A uniform within ± 1 / √in as PyTorch begins a linear layer, B zero: the adapted network begins as it was. */
export function initialFactor(
  { name, shape }: { readonly name: string; readonly shape: readonly number[] },
  random: (index: number) => number,
): Float32Array {
  const data = new Float32Array((shape[0] as number) * (shape[1] as number));
  if (name.endsWith('lora_B')) return data;
  const reach = 1 / Math.sqrt(shape[1] as number);
  return data.map((_, index) => (2 * random(index) - 1) * reach);
}

/** A source of numbers for `initialFactor` that differs from matrix to matrix. */
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
