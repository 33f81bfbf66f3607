/** The transformer layer that CLIP and SigLIP towers are made of, and the patches that they read. */
import type { Product, VisionConfig, WeightRef } from '../contracts/checkpoint.ts';
import { fullAttention } from '../graph/blocks/attention.ts';
import { type LinearWeights, linear, linears } from '../graph/blocks/linear.ts';
import { layerNorm } from '../graph/blocks/norms.ts';
import type { Dim } from '../graph/dim.ts';
import { dimOf, type Value } from '../graph/graph.ts';
import { add, gelu, geluTanh, quickGelu } from '../graph/operators/elementwise.ts';
import { reshape, transpose } from '../graph/operators/layout.ts';

export interface VisionNorm {
  readonly gain: WeightRef;
  readonly bias: WeightRef;
}

/** The products of a layer: what reads the same rows is one. */
export const visionLayerProducts = (weights: VisionLayerWeights): Product<WeightRef>[] => [
  { matrices: weights.attention.map(({ weight }) => weight) },
  { matrices: [weights.output.weight] },
  { matrices: [weights.expand.weight] },
  { matrices: [weights.contract.weight] },
];

export interface VisionLayerWeights {
  readonly norm1: VisionNorm;
  readonly attention: readonly [LinearWeights, LinearWeights, LinearWeights];
  readonly output: LinearWeights;
  readonly norm2: VisionNorm;
  readonly expand: LinearWeights;
  readonly contract: LinearWeights;
}

const ACTIVATIONS = { quick_gelu: quickGelu, gelu, gelu_tanh: geluTanh };

/** [b, 3, S, S] → one row per patch, in the order of a convolution's weights: [b·grid², 3 · patch²] */
export function patchRows(pixels: Value, { imageSize, patchSize: p }: VisionConfig): Value {
  const grid = imageSize / p;
  const b = dimOf(pixels, 0);
  const cut = transpose(reshape(pixels, [b, 3, grid, p, grid, p]), [0, 2, 4, 1, 3, 5]);
  return reshape(cut, [rowsOf(b, grid * grid), 3 * p * p]);
}

/** The size of b pictures of some rows each; a name where b is one. */
export function rowsOf(b: Dim, rows: number): Dim {
  return typeof b === 'number' ? b * rows : `${b}*${rows}`;
}

export function visionNorm(
  x: Value,
  { gain, bias }: VisionNorm,
  { layerNormEps }: VisionConfig,
): Value {
  return layerNorm(x, gain, bias, layerNormEps);
}

/** x [b·tokens, H] → [b·tokens, H] */
export function visionLayer(
  x: Value,
  weights: VisionLayerWeights,
  config: VisionConfig,
  [b, tokens]: readonly [Dim, number],
): Value {
  const { heads, hiddenSize: width } = config;
  const [q, k, v] = linears(visionNorm(x, weights.norm1, config), weights.attention, [
    width,
    width,
    width,
  ]).map((part) => reshape(part, [b, tokens, heads, width / heads])) as [Value, Value, Value];
  const mixed = reshape(fullAttention(q, k, v), [dimOf(x, 0), width]);
  const attended = add(x, linear(mixed, weights.output));
  const read = visionNorm(attended, weights.norm2, config);
  const wide = ACTIVATIONS[config.activation](linear(read, weights.expand));
  return add(attended, linear(wide, weights.contract));
}
