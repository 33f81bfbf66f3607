/**
 * What the decoder reads of a picture: names of what it may show, and a grid of what is where.
 *
 *   q     = softmax(scores)², normalised                        // [b, classes], of the picture and of each place
 *   names = q · E(names of the classes), token by token         // [b, 4, H]; a second time without the likeliest class
 *   cells = [middle ; last ; names at the place], pooled        // [b, 16, C + C' + H]
 *   grid  = W₂ gelu(W₁ cells)                                   // [b, 16, H]
 */
import type { Product, WeightRef } from '../../contracts/checkpoint.ts';
import { linear } from '../../graph/blocks/linear.ts';
import type { Dim } from '../../graph/dim.ts';
import {
  constant,
  createGraph,
  dimOf,
  fixedDim,
  type Graph,
  input,
  output,
  type Value,
} from '../../graph/graph.ts';
import { div, gelu, mul, scale, sub } from '../../graph/operators/elementwise.ts';
import { concat, oneHot, reshape, transpose } from '../../graph/operators/layout.ts';
import { matmul } from '../../graph/operators/matrix.ts';
import { argmaxLast, softmax, sumOver } from '../../graph/operators/reduce.ts';
import { rowsOf } from '../../model/vision-layer.ts';
import type { Tensors } from '../family.ts';
import { cellShares } from './cell-shares.ts';
import { eyeGraph, type Seen } from './eye-graph.ts';
import type { GlanceConfig } from './glance-config.ts';
import { type GlanceWeights, glanceWeights, gridWidth } from './glance-tensors.ts';

/** Feeds: pixels [b, 3, S, S]. Outputs: embeddings [b · tokens, H], and what the eye makes. */
export function buildGlanceVision(config: GlanceConfig, tensors: Tensors, b: Dim = 1): Graph {
  const graph = createGraph('vision');
  const { imageSize } = config.eye;
  const pixels = input(graph, 'pixels', 'float32', [b, 3, imageSize, imageSize]);
  const weights = glanceWeights(config, tensors);
  const seen = eyeGraph(pixels, config.eye, weights);
  const visual = concat([...namesOf(seen, config, weights), gridOf(seen, config, weights)], 1);
  const rows = [rowsOf(b, config.imageTokens), config.decoder.hiddenSize];
  output('embeddings', reshape(visual, rows));
  return graph;
}

/** The products of matrices. Convolutions are none. */
export function glanceVisionProducts(config: GlanceConfig, tensors: Tensors): Product<WeightRef>[] {
  const { classifier, names, grid } = glanceWeights(config, tensors);
  return [[classifier.weight], [names], ...grid.map(({ weight }) => [weight])];
}

/** Two groups of names, the second without the likeliest class: each [b, nameTokens, H] */
function namesOf(
  { scores }: Seen,
  { decoder, nameTokens, eye }: GlanceConfig,
  { names }: GlanceWeights,
): Value[] {
  const b = dimOf(scores, 0);
  const whole = reshape(scale(sumOver(scores, [1]), 1 / fixedDim(scores, 1)), [b, eye.classes]);
  const likeliest = oneHot(argmaxLast(whole), eye.classes);
  return [whole, sub(whole, scale(likeliest, NEVER))].map((given) =>
    reshape(linear(sharpened(given), { weight: names }), [b, nameTokens, decoder.hiddenSize]),
  );
}

/** Taken off a score, it leaves no chance. */
const NEVER = 1e9;

/** Softmax, squared and normalised, over the last axis: what is likely becomes likelier. */
function sharpened(scores: Value): Value {
  const chances = softmax(scores);
  const squares = mul(chances, chances);
  return div(squares, sumOver(squares, [squares.shape.length - 1]));
}

/** [b, cells, H] */
function gridOf(
  { middle, last, scores }: Seen,
  config: GlanceConfig,
  weights: GlanceWeights,
): Value {
  const { gridSize, decoder, nameTokens, eye } = config;
  const [b, cells, h] = [dimOf(scores, 0), gridSize ** 2, decoder.hiddenSize];
  const pooled = (map: Value, side: number): Value => {
    const shares = constant(map.graph, cellShares(side, gridSize), [side ** 2, cells]);
    return transpose(matmul(map, shares), [0, 2, 1]);
  };
  const maps = [middle, last].map((map) => {
    const side = fixedDim(map, 2);
    return pooled(reshape(map, [b, fixedDim(map, 1), side ** 2]), side);
  });
  const chances = transpose(sharpened(scores), [0, 2, 1]); // [b, classes, places]
  const likely = reshape(pooled(chances, fixedDim(last, 2)), [rowsOf(b, cells), eye.classes]);
  const tokens = reshape(linear(likely, { weight: weights.names }), [b, cells, nameTokens, h]);
  const names = reshape(scale(sumOver(tokens, [2]), 1 / nameTokens), [b, cells, h]);
  const rows = reshape(concat([...maps, names], 2), [rowsOf(b, cells), gridWidth(config)]);
  const [first, second] = weights.grid;
  return reshape(linear(gelu(linear(rows, first)), second), [b, cells, h]);
}
