/**
 * The vision towers of Qwen2-VL and Qwen2.5-VL: a picture of any size as p patches → embeddings, one for each square of
 * mergeSize² patches. What they are fed besides the pixels comes from tower-feeds.ts.
 */
import type {
  Qwen2VlConfig,
  Qwen25VlConfig,
  QwenVisionConfig,
  WeightRef,
} from '../contracts/checkpoint.ts';
import { flashAttention, fullAttention } from '../graph/blocks/attention.ts';
import { type LinearWeights, linear } from '../graph/blocks/linear.ts';
import { layerNorm, rmsNorm } from '../graph/blocks/norms.ts';
import { quarterTurn, rotary } from '../graph/blocks/rotary.ts';
import { createGraph, type Graph, input, output, type Value } from '../graph/graph.ts';
import { add, gelu, mul, quickGelu, silu } from '../graph/operators/elementwise.ts';
import { gather, reshape, split } from '../graph/operators/layout.ts';

type Tensors = ReadonlyMap<string, WeightRef>;

/** What the two towers do differently; `at` is where a part's names begin. */
interface Parts {
  readonly norm: (x: Value, at: string) => Value;
  readonly mlp: (x: Value, at: string) => Value;
  /** Who looks at whom: [p, heads, headDim] each → [p, hiddenSize] */
  readonly attend: (queryKeyValue: Heads, layer: number) => Value;
}

type Heads = readonly [query: Value, key: Value, value: Value];

const EPSILON = 1e-6;

/** Feeds: pixels [p, 3·frames·patchSize²], cos and sin [p, 1, headDim]. Output: embeddings [p / mergeSize², H] */
export function buildQwen2Vision({ vision }: Qwen2VlConfig, tensors: Tensors): Graph {
  const graph = createGraph('vision');
  const activation = vision.activation === 'quick_gelu' ? quickGelu : gelu;
  const matrix = matricesOf(tensors);
  return tower(graph, vision, tensors, {
    norm: (x, at) =>
      layerNorm(x, refOf(tensors, `${at}.weight`), refOf(tensors, `${at}.bias`), EPSILON),
    mlp: (x, at) => linear(activation(linear(x, matrix(`${at}.fc1`))), matrix(`${at}.fc2`)),
    attend: (heads) => flashAttention(...heads),
  });
}

/** Feeds besides those of Qwen2-VL: slots [w, m], seen [w, 1, 1, m], places [p], which say who shares a window. */
export function buildQwen25Vision({ vision }: Qwen25VlConfig, tensors: Tensors): Graph {
  const graph = createGraph('vision');
  const size = (vision.windowSize * vision.mergeSize) ** 2;
  const windows = {
    slots: input(graph, 'slots', 'int32', ['w', size]),
    seen: input(graph, 'seen', 'float32', ['w', 1, 1, size]),
    places: input(graph, 'places', 'int32', ['p']),
  };
  const matrix = matricesOf(tensors);
  return tower(graph, vision, tensors, {
    norm: (x, at) => rmsNorm(x, refOf(tensors, `${at}.weight`), EPSILON),
    mlp(x, at) {
      const gate = silu(linear(x, matrix(`${at}.gate_proj`)));
      return linear(mul(gate, linear(x, matrix(`${at}.up_proj`))), matrix(`${at}.down_proj`));
    },
    attend: (heads, layer) =>
      vision.fullLayers.includes(layer)
        ? flashAttention(...heads)
        : attendWithin(windows, heads, vision.hiddenSize),
  });
}

function tower(graph: Graph, vision: QwenVisionConfig, tensors: Tensors, parts: Parts): Graph {
  const { hiddenSize, heads, patchSize, temporalPatchSize, mergeSize } = vision;
  const headDim = hiddenSize / heads;
  const matrix = matricesOf(tensors);
  const size = 3 * temporalPatchSize * patchSize ** 2;
  const patches = input(graph, 'pixels', 'float32', ['p', size]);
  const rows = ['p', 1, headDim] as const;
  const angles = {
    cos: input(graph, 'cos', 'float32', rows),
    sin: input(graph, 'sin', 'float32', rows),
    turn: quarterTurn(graph, headDim),
  };
  let x = linear(patches, { weight: refOf(tensors, 'visual.patch_embed.proj.weight') });
  for (let layer = 0; layer < vision.layers; layer++) {
    const at = `visual.blocks.${layer}`;
    const qkv = linear(parts.norm(x, `${at}.norm1`), matrix(`${at}.attn.qkv`));
    const cut = reshape(qkv, ['p', 3 * heads, headDim]);
    const [queryKey, value] = split(cut, [2 * heads, heads], 1) as [Value, Value];
    const [query, key] = split(rotary(queryKey, angles), [heads, heads], 1) as [Value, Value];
    x = add(x, linear(parts.attend([query, key, value], layer), matrix(`${at}.attn.proj`)));
    x = add(x, parts.mlp(parts.norm(x, `${at}.norm2`), `${at}.mlp`));
  }
  const squares = reshape(parts.norm(x, 'visual.merger.ln_q'), ['t', mergeSize ** 2 * hiddenSize]);
  const wide = gelu(linear(squares, matrix('visual.merger.mlp.0')));
  output('embeddings', linear(wide, matrix('visual.merger.mlp.2')));
  return graph;
}

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

function refOf(tensors: Tensors, name: string): WeightRef {
  return tensors.get(name) as WeightRef;
}

function matricesOf(tensors: Tensors): (at: string) => LinearWeights {
  return (at) => ({ weight: refOf(tensors, `${at}.weight`), bias: refOf(tensors, `${at}.bias`) });
}
