/** Idefics3 and SmolVLM: a SigLIP tower over tiles of one size, whose patches become embeddings square by square. */
import type { Product, VisionConfig, WeightRef } from '../../contracts/checkpoint.ts';
import { linear } from '../../graph/blocks/linear.ts';
import { floats } from '../../graph/blocks/stored-rows.ts';
import { createGraph, dimOf, type Graph, input, output, type Value } from '../../graph/graph.ts';
import { add } from '../../graph/operators/elementwise.ts';
import { reshape, slice, transpose } from '../../graph/operators/layout.ts';
import {
  patchRows,
  rowsOf,
  visionLayer,
  visionLayerProducts,
  visionNorm,
} from '../../model/vision-layer.ts';
import { visionTensors } from '../clip/vision-tensors.ts';
import type { Tensors } from '../family.ts';
import type { Idefics3Config } from './idefics3-config.ts';

/** Feeds: pixels [t, 3, S, S]. Output: embeddings [t·(grid/shuffle)², H] */
export function buildIdefics3Vision(config: Idefics3Config, tensors: Tensors): Graph {
  const graph = createGraph('vision');
  const { imageSize } = config.vision;
  const pixels = input(graph, 'pixels', 'float32', ['t', 3, imageSize, imageSize]);
  const squares = shuffled(siglipVision(pixels, config.vision, tensors), config);
  output('embeddings', linear(squares, { weight: projection(tensors) }));
  return graph;
}

/** The products of tower and connector. The patches' convolution is none. */
export function idefics3VisionProducts(
  { vision }: Pick<Idefics3Config, 'vision'>,
  tensors: Tensors,
): Product<WeightRef>[] {
  const layers = visionTensors(tensors, TOWER).layers(vision.layers);
  return [...layers.flatMap(visionLayerProducts), { matrices: [projection(tensors)] }];
}

const TOWER = 'model.vision_model.';

const projection = (tensors: Tensors): WeightRef =>
  tensors.get('model.connector.modality_projection.proj.weight') as WeightRef;

/** Pixels of t tiles [t, 3, S, S] → [t·grid², W], after the last norm. Pixels beyond the last whole patch are left out. */
function siglipVision(pixels: Value, config: VisionConfig, tensors: Tensors): Value {
  const { hiddenSize: width, patchSize } = config;
  const tower = visionTensors(tensors, TOWER);
  const grid = gridOf(config);
  const [t, tokens, side] = [dimOf(pixels, 0), grid * grid, grid * patchSize];
  const whole = slice(slice(pixels, 2, 0, side), 3, 0, side);
  const rows = patchRows(whole, { ...config, imageSize: side });
  const flat = linear(rows, tower.matrix('embeddings.patch_embedding')); // [t·tokens, W]
  // A row for each patch: the processor makes full tiles only.
  const positions = floats(pixels.graph, tower.get('embeddings.position_embedding.weight')); // [tokens, W]
  const placed = add(reshape(flat, [t, tokens, width]), positions);
  let x = reshape(placed, [rowsOf(t, tokens), width]);
  for (const layer of tower.layers(config.layers)) x = visionLayer(x, layer, config, [t, tokens]);
  return visionNorm(x, tower.norm('post_layernorm'), config);
}

/** Squares of shuffle² patches, joined row by row: [t·grid², W] → [t·(grid/shuffle)², shuffle²·W] */
function shuffled(x: Value, { vision, shuffle: s }: Idefics3Config): Value {
  const squares = gridOf(vision) / s;
  const width = vision.hiddenSize;
  const cut = reshape(x, ['squares', s, squares, s, width]);
  const joined = transpose(cut, [0, 2, 1, 3, 4]);
  return reshape(joined, [rowsOf('squares', squares), s * s * width]);
}

/** Embeddings of one tile. */
export function tileTokens({
  vision,
  shuffle,
}: Pick<Idefics3Config, 'vision' | 'shuffle'>): number {
  return (gridOf(vision) / shuffle) ** 2;
}

const gridOf = ({ imageSize, patchSize }: VisionConfig): number =>
  Math.floor(imageSize / patchSize);
