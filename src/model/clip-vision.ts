import type { VisionConfig, WeightRef } from '../contracts/checkpoint.ts';
import { linear } from '../graph/blocks/linear.ts';
import { floats } from '../graph/blocks/stored-rows.ts';
import { dimOf, type Value } from '../graph/graph.ts';
import { add } from '../graph/operators/elementwise.ts';
import { concat, expandLike, reshape, slice } from '../graph/operators/layout.ts';
import {
  patchRows,
  rowsOf,
  type VisionLayerWeights,
  type VisionNorm,
  visionLayer,
  visionNorm,
} from './vision-layer.ts';

export interface ClipVisionWeights {
  readonly patch: WeightRef; // [H, 3, patch, patch]
  readonly classToken: WeightRef; // [H]
  readonly positions: WeightRef; // [tokens, H]
  readonly preNorm: VisionNorm;
  readonly layers: readonly VisionLayerWeights[];
}

/**
 * CLIP's vision tower up to the last of the given layers: pixels of b pictures [b, 3, S, S] →
 * hidden states [b, tokens, H], class token first.
 */
export function clipVision(pixels: Value, config: VisionConfig, weights: ClipVisionWeights): Value {
  const { hiddenSize: width } = config;
  const grid = config.imageSize / config.patchSize;
  const [b, tokens] = [dimOf(pixels, 0), grid * grid + 1];
  const flat = linear(patchRows(pixels, config), { weight: weights.patch }); // [b·grid², H]
  const embedded = reshape(flat, [b, grid * grid, width]);
  const classToken = floats(pixels.graph, weights.classToken, [1, 1, width]);
  const classTokens = expandLike(classToken, slice(embedded, 1, 0, 1)); // [b, 1, H]
  const placed = add(concat([classTokens, embedded], 1), floats(pixels.graph, weights.positions));
  const rows = rowsOf(b, tokens);
  let x = visionNorm(reshape(placed, [rows, width]), weights.preNorm, config);
  for (const layer of weights.layers) x = visionLayer(x, layer, config, [b, tokens]);
  return reshape(x, [b, tokens, width]);
}
