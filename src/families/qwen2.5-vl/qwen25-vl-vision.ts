import type { Product, WeightRef } from '../../contracts/checkpoint.ts';
import { flashAttention, fullAttention } from '../../graph/blocks/attention.ts';
import { linear, linears } from '../../graph/blocks/linear.ts';
import { rmsNorm } from '../../graph/blocks/norms.ts';
import { createGraph, type Graph, input, type Value } from '../../graph/graph.ts';
import { mul, silu } from '../../graph/operators/elementwise.ts';
import { gather, reshape } from '../../graph/operators/layout.ts';
import type { Tensors } from '../family.ts';
import {
  EPSILON,
  type Heads,
  qwenTower,
  towerProducts,
  towerTensors,
} from '../qwen-vl/qwen-tower.ts';
import type { Qwen25VlConfig } from './qwen25-vl-config.ts';

/**
 * Feeds and output: those of `qwenTower`, and slots [w, m], seen [w, 1, 1, m], places [p], which say who shares a window
 * (`towerWindows`).
 */
export function buildQwen25Vision({ vision }: Qwen25VlConfig, tensors: Tensors): Graph {
  const graph = createGraph('vision');
  const size = (vision.windowSize * vision.mergeSize) ** 2;
  const windows = {
    slots: input(graph, 'slots', 'int32', ['w', size]),
    seen: input(graph, 'seen', 'float32', ['w', 1, 1, size]),
    places: input(graph, 'places', 'int32', ['p']),
  };
  const named = towerTensors(tensors);
  const { get, matrix } = named;
  qwenTower(graph, vision, named, {
    norm: (x, at) => rmsNorm(x, get(`${at}.weight`), EPSILON),
    mlp(x, at) {
      const both = [matrix(`${at}.gate_proj`), matrix(`${at}.up_proj`)];
      const widths = both.map(({ weight }) => weight.shape[0] as number);
      const [gate, up] = linears(x, both, widths) as [Value, Value];
      return linear(mul(silu(gate), up), matrix(`${at}.down_proj`));
    },
    attend: (heads, layer) =>
      vision.fullLayers.includes(layer)
        ? flashAttention(...heads)
        : attendWithin(windows, heads, vision.hiddenSize),
  });
  return graph;
}

/** The tower's products. The patches' convolution is none. */
export const qwen25VisionProducts = (
  { vision }: Qwen25VlConfig,
  tensors: Tensors,
): Product<WeightRef>[] =>
  towerProducts(vision, tensors, [['gate_proj', 'up_proj'], ['down_proj']]);

/** Every patch looks at those of its window. */
function attendWithin(
  { slots, seen, places }: Record<'slots' | 'seen' | 'places', Value>,
  [query, key, value]: Heads,
  hiddenSize: number,
): Value {
  const cut = (x: Value) => gather(x, slots); // [w, m, heads, headDim]
  const mixed = fullAttention(cut(query), cut(key), cut(value), seen); // [w, m, hiddenSize]
  return gather(reshape(mixed, ['w*m', hiddenSize]), places);
}
