import type { Product, WeightRef } from '../../contracts/checkpoint.ts';
import { flashAttention } from '../../graph/blocks/attention.ts';
import { linear } from '../../graph/blocks/linear.ts';
import { layerNorm } from '../../graph/blocks/norms.ts';
import { createGraph, type Graph } from '../../graph/graph.ts';
import { gelu, quickGelu } from '../../graph/operators/elementwise.ts';
import type { Tensors } from '../family.ts';
import { EPSILON, qwenTower, towerProducts, towerTensors } from '../qwen-vl/qwen-tower.ts';
import type { Qwen2VlConfig } from './qwen2-vl-config.ts';

/** Feeds and output: those of `qwenTower`. */
export function buildQwen2Vision({ vision }: Qwen2VlConfig, tensors: Tensors): Graph {
  const graph = createGraph('vision');
  const activation = vision.activation === 'quick_gelu' ? quickGelu : gelu;
  const named = towerTensors(tensors);
  const { get, matrix } = named;
  qwenTower(graph, vision, named, {
    norm: (x, at) => layerNorm(x, get(`${at}.weight`), get(`${at}.bias`), EPSILON),
    mlp: (x, at) => linear(activation(linear(x, matrix(`${at}.fc1`))), matrix(`${at}.fc2`)),
    attend: (heads) => flashAttention(...heads),
  });
  return graph;
}

/** The tower's products. The patches' convolution is none. */
export const qwen2VisionProducts = (
  { vision }: Qwen2VlConfig,
  tensors: Tensors,
): Product<WeightRef>[] => towerProducts(vision, tensors, [['fc1'], ['fc2']]);
