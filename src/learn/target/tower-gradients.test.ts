import type { VisionConfig } from '../../contracts/checkpoint.ts';
import { type Feeds, floatTensor, intTensor, type Tensor } from '../../contracts/session.ts';
import { familyOf, storedShapes } from '../../families/families.ts';
import type { Idefics3Config } from '../../families/idefics3/idefics3-config.ts';
import type { LlavaConfig } from '../../families/llava/llava-config.ts';
import type { LlavaNextConfig } from '../../families/llava-next/llava-next-config.ts';
import { towerRotary } from '../../families/qwen-vl/tower-rotary.ts';
import type { Qwen25VlConfig } from '../../families/qwen2.5-vl/qwen25-vl-config.ts';
import { towerWindows } from '../../families/qwen2.5-vl/tower-windows.ts';
import type { Qwen2VlConfig } from '../../families/qwen2-vl/qwen2-vl-config.ts';
import type { Graph, Value } from '../../graph/graph.ts';
import { input } from '../../graph/graph.ts';
import { mul } from '../../graph/operators/elementwise.ts';
import { sumAll } from '../../graph/operators/reduce.ts';
import { describeGradients } from '../../graph/testing/describe-gradients.ts';
import { fedRefs, stream } from '../../graph/testing/random-network.ts';
import { SIZES } from '../../model/testing/random-llama.ts';

const shared = {
  decoder: { ...SIZES, layers: 1, kvHeads: 2, tiedEmbeddings: false },
  imageTokenId: SIZES.vocabSize - 1,
  eosTokenIds: [],
};
const vision: VisionConfig = {
  ...{ hiddenSize: 12, intermediateSize: 20, layers: 2, heads: 3 },
  ...{ imageSize: 8, patchSize: 4, layerNormEps: 1e-5, activation: 'quick_gelu' },
};
const projector = { bias: true, select: 'default', activation: 'gelu', featureLayer: -1 } as const;
const qwen = {
  ...{ hiddenSize: 12, intermediateSize: 20, layers: 2, heads: 3 },
  ...{ patchSize: 2, temporalPatchSize: 2, mergeSize: 2, activation: 'quick_gelu' as const },
};
const windowed = { ...qwen, windowSize: 1, fullLayers: [1] };
const GRID = { height: 2, width: 2 };

interface Case {
  readonly title: string;
  readonly config: LlavaConfig | LlavaNextConfig | Idefics3Config | Qwen2VlConfig | Qwen25VlConfig;
  /** Feeds besides the pixels, and these by their shape. */
  readonly pixels: readonly number[];
  readonly feeds?: Feeds;
  readonly tokens: number;
}

const CASES: readonly Case[] = [
  {
    title: 'LLaVA’s tower',
    config: { ...shared, family: 'llava', vision, projector, imageTokens: 4 },
    pixels: [1, 3, 8, 8],
    tokens: 4,
  },
  {
    title: 'a GELU tower that ends early, and a ReLU projector',
    config: {
      ...{ ...shared, family: 'llava', imageTokens: 5 },
      vision: { ...vision, activation: 'gelu' },
      projector: { ...projector, activation: 'relu', select: 'full', featureLayer: -2 },
    },
    pixels: [1, 3, 8, 8],
    tokens: 5,
  },
  {
    title: 'the tower of LLaVA 1.6 over two tiles',
    config: { ...shared, family: 'llava_next', vision, projector, pinpoints: [] },
    pixels: [2, 3, 8, 8],
    feeds: { order: intTensor(Int32Array.of(0, 1, 8, 2, 6, 8)) },
    tokens: 6,
  },
  {
    title: 'Idefics3’s tower over two tiles',
    config: {
      ...{ ...shared, family: 'idefics3', shuffle: 2 },
      vision: { ...vision, activation: 'gelu_tanh' },
    },
    pixels: [2, 3, 8, 8],
    tokens: 2,
  },
  {
    title: 'Qwen2-VL’s tower',
    config: { ...shared, family: 'qwen2_vl', vision: qwen },
    pixels: [16, 24],
    feeds: towerRotary(GRID, qwen),
    tokens: 4,
  },
  {
    title: 'Qwen2.5-VL’s tower with windows',
    config: { ...shared, family: 'qwen2_5_vl', vision: windowed },
    pixels: [16, 24],
    feeds: { ...towerRotary(GRID, windowed), ...towerWindows(GRID, windowed) },
    tokens: 4,
  },
];

for (const [seed, { title, config, pixels: shape, feeds, tokens }] of CASES.entries()) {
  const random = stream(seed);
  const floats = (shape: readonly number[]): Tensor => {
    const count = shape.reduce((product, dim) => product * dim, 1);
    return floatTensor(
      Float32Array.from({ length: count }, () => 3 * random() - 1.5),
      shape,
    );
  };
  const tensors = fedRefs(storedShapes(config));
  const graph = familyOf(config).vision?.(config, tensors) as Graph;
  const value = graph.outputs.splice(0)[0]?.value as Value;
  const above = input(graph, 'above', 'float32', value.shape);
  const loss = sumAll(mul(value, above));
  const given = { ...feeds, pixels: floats(shape), above: floats([tokens, SIZES.hiddenSize]) };
  describeGradients(title, { graph, loss, feeds: given }, seed);
}
