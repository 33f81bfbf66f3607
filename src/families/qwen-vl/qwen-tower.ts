/**
 * The vision tower of Qwen2-VL and Qwen2.5-VL: a picture of any size as p patches → embeddings, one for each square of
 * mergeSize² patches.
 */
import type { Product, WeightRef } from '../../contracts/checkpoint.ts';
import { type LinearWeights, linear } from '../../graph/blocks/linear.ts';
import { quarterTurn, rotary } from '../../graph/blocks/rotary.ts';
import { type Graph, input, output, type Value } from '../../graph/graph.ts';
import { add, gelu } from '../../graph/operators/elementwise.ts';
import { reshape, split } from '../../graph/operators/layout.ts';
import type { Tensors } from '../family.ts';
import type { QwenVision } from './qwen-vl-config.ts';

/** What the two towers do differently; `at` is where a part's names begin. */
interface TowerParts {
  readonly norm: (x: Value, at: string) => Value;
  readonly mlp: (x: Value, at: string) => Value;
  /** Who looks at whom: [p, heads, headDim] each → [p, hiddenSize] */
  readonly attend: (queryKeyValue: Heads, layer: number) => Value;
}

export type Heads = readonly [query: Value, key: Value, value: Value];

type TowerTensors = ReturnType<typeof towerTensors>;

/** Of all the tower's norms. */
export const EPSILON = 1e-6;

/** Tensors by their published names, and matrices with their biases. */
export function towerTensors(tensors: Tensors) {
  const get = (name: string) => tensors.get(name) as WeightRef;
  const matrix = (at: string): LinearWeights => ({
    weight: get(`${at}.weight`),
    bias: get(`${at}.bias`),
  });
  return { get, matrix };
}

/**
 * Adds the tower to a graph that may have feeds already.
 * Feeds: pixels [p, 3·frames·patchSize²], cos and sin [p, 1, headDim]. Output: embeddings [p / mergeSize², H]
 */
export function qwenTower(
  graph: Graph,
  vision: QwenVision,
  { get, matrix }: TowerTensors,
  parts: TowerParts,
): void {
  const { hiddenSize, heads, patchSize, temporalPatchSize, mergeSize } = vision;
  const headDim = hiddenSize / heads;
  const size = 3 * temporalPatchSize * patchSize ** 2;
  const patches = input(graph, 'pixels', 'float32', ['p', size]);
  const rows = ['p', 1, headDim] as const;
  const angles = {
    cos: input(graph, 'cos', 'float32', rows),
    sin: input(graph, 'sin', 'float32', rows),
    turn: quarterTurn(graph, headDim),
  };
  let x = linear(patches, { weight: get('visual.patch_embed.proj.weight') });
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
}

/**
 * The tower's products but the one that cuts the patches.
 * @param mlp names of the matrices of each product of a layer's MLP
 */
export function towerProducts(
  { layers }: QwenVision,
  tensors: Tensors,
  mlp: readonly (readonly string[])[],
): Product<WeightRef>[] {
  const { get } = towerTensors(tensors);
  const product = (at: string, names: readonly string[]): Product<WeightRef> => ({
    matrices: names.map((name) => get(`visual.${at}.${name}.weight`)),
  });
  const blocks = Array.from({ length: layers }, (_, layer) => `blocks.${layer}`);
  return [
    ...blocks.flatMap((at) => [
      ...[['qkv'], ['proj']].map((names) => product(`${at}.attn`, names)),
      ...mlp.map((names) => product(`${at}.mlp`, names)),
    ]),
    ...[['0'], ['2']].map((names) => product('merger.mlp', names)),
  ];
}
