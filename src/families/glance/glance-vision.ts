/**
 * What the decoder reads of a picture: names of what it may show, and a grid of what is where.
 *
 *   q     = softmax(scores) to a power, normalised              // [b, names], of the picture (more-names.ts) and of each place
 *   names = q · E(names of the classes), token by token         // [b, 4, H]; a second time without the likeliest class
 *   cells = [middle ; last ; names at the place], pooled        // [b, 16, C + C' + H]
 *   grid  = W₂ gelu(W₁ cells)                                   // [b, 16, H]
 */
import type { Product, WeightRef } from '../../contracts/checkpoint.ts';
import { linear } from '../../graph/blocks/linear.ts';
import type { Dim } from '../../graph/dim.ts';
import {
  createGraph,
  dimOf,
  fixedDim,
  type Graph,
  input,
  output,
  type Value,
} from '../../graph/graph.ts';
import { cast, gelu, scale, sub } from '../../graph/operators/elementwise.ts';
import {
  concat,
  oneHot,
  padLast,
  reshape,
  slice,
  transpose,
} from '../../graph/operators/layout.ts';
import { argmaxLast, softmax, sumOver } from '../../graph/operators/reduce.ts';
import { rowsOf } from '../../model/vision-layer.ts';
import type { Tensors } from '../family.ts';
import { eyeGraph, type Seen } from './eye-graph.ts';
import type { GlanceConfig } from './glance-config.ts';
import { type GlanceWeights, glanceWeights, gridWidth } from './glance-tensors.ts';
import { moreScores } from './more-names.ts';
import { pooled } from './pooled.ts';

/** Feeds: pixels [b, 3, S, S]. Outputs: embeddings [b · tokens, H], names first, and which two names those are, named [b, 2]. */
export function buildGlanceVision(config: GlanceConfig, tensors: Tensors, b: Dim = 1): Graph {
  const graph = createGraph('vision');
  const { imageSize } = config.eye;
  const pixels = input(graph, 'pixels', 'float32', [b, 3, imageSize, imageSize]);
  const weights = glanceWeights(config, tensors);
  const seen = eyeGraph(pixels, config.eye, weights);
  const { groups, local, named } = namesOf(seen, config, weights);
  const visual = concat([groups, gridOf(seen, local, config, weights)], 1);
  const rows = [rowsOf(b, config.imageTokens), config.decoder.hiddenSize];
  output('embeddings', reshape(visual, rows));
  output('named', named);
  return graph;
}

/** The products of matrices. Convolutions are none. */
export function glanceVisionProducts(config: GlanceConfig, tensors: Tensors): Product<WeightRef>[] {
  const { classifier, moreNames = [], names, grid } = glanceWeights(config, tensors);
  const matrices = [classifier, ...moreNames, { weight: names }, ...grid];
  return matrices.map(({ weight }) => ({ matrices: [weight] }));
}

/** Names of the picture, twice, the second time without the likeliest class, [b, 2 · nameTokens, H], and of each cell. */
function namesOf(
  seen: Seen,
  config: GlanceConfig,
  weights: GlanceWeights,
): { groups: Value; local: Value; named: Value } {
  const { decoder, nameTokens, nameSharpness: power, eye, gridSize } = config;
  const { scores } = seen;
  const [b, places, cells] = [dimOf(scores, 0), fixedDim(scores, 1), gridSize ** 2];
  const count = eye.classes + eye.moreNames;
  const whole = wholeScores(seen, config, weights);
  const likeliest = argmaxLast(whole); // [b, 1]
  const rest = sub(whole, scale(oneHot(likeliest, count), NEVER));
  const chances = transpose(sharpened(scores, power), [0, 2, 1]); // [b, classes, places]
  const ofPlaces = pooled(chances, Math.sqrt(places), gridSize);
  const local = eye.moreNames === 0 ? ofPlaces : padLast(ofPlaces, eye.moreNames, 0);
  const mixtures = concat([sharpened(whole, power), sharpened(rest, power), local], 1); // [b, 2 + cells, names]
  const rows = reshape(mixtures, [rowsOf(b, 2 + cells), count]);
  const h = decoder.hiddenSize;
  const said = reshape(linear(rows, { weight: weights.names }), [b, 2 + cells, nameTokens, h]);
  const ofCells = scale(sumOver(slice(said, 1, 2, 2 + cells), [2]), 1 / nameTokens);
  return {
    groups: reshape(slice(said, 1, 0, 2), [b, 2 * nameTokens, h]),
    local: reshape(ofCells, [b, cells, h]),
    named: cast(concat([likeliest, argmaxLast(rest)], 1), 'int32'),
  };
}

/** Scores of a picture's classes, and of more names where there are some: [b, 1, names] */
function wholeScores(seen: Seen, { eye }: GlanceConfig, { moreNames }: GlanceWeights): Value {
  const { scores } = seen;
  const whole = scale(sumOver(scores, [1]), 1 / fixedDim(scores, 1));
  if (moreNames === undefined) return whole;
  const more = reshape(moreScores(seen, moreNames), [dimOf(scores, 0), 1, eye.moreNames]);
  return concat([whole, more], 2);
}

/** Taken off a score, it leaves no chance. */
const NEVER = 1e9;

/** Softmax to a power, normalised, over the last axis: what is likely becomes likelier. */
const sharpened = (scores: Value, power: number): Value => softmax(scale(scores, power));

/** [b, cells, H] */
function gridOf(
  { middle, last }: Seen,
  names: Value,
  config: GlanceConfig,
  weights: GlanceWeights,
) {
  const { gridSize, decoder } = config;
  const b = dimOf(names, 0);
  const maps = [middle, last].map((map) => {
    const side = fixedDim(map, 2);
    return pooled(reshape(map, [b, fixedDim(map, 1), side ** 2]), side, gridSize);
  });
  const cells = concat([...maps, names], 2);
  const rows = reshape(cells, [rowsOf(b, gridSize ** 2), gridWidth(config)]);
  const [first, second] = weights.grid;
  const made = linear(gelu(linear(rows, first)), second);
  return reshape(made, [b, gridSize ** 2, decoder.hiddenSize]);
}
