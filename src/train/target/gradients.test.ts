import type { TensorRef } from '../../contracts/checkpoint.ts';
import { floatTensor, type Tensor } from '../../contracts/session.ts';
import type { LlavaConfig } from '../../families/llava/llava-config.ts';
import { storedShapes } from '../../families/llava-parts/llava-tensors.ts';
import { describeGradients } from '../../graph/testing/describe-gradients.ts';
import { fedRefs, stream } from '../../graph/testing/random-network.ts';
import { SIZES } from '../../model/testing/random-llama.ts';
import { createBatchFeeds } from '../network/batch-feeds.ts';
import { type Adapter, adapt, factorShapes, isAdapted } from './adapters.ts';
import { type TargetExample, targetFeeds } from './target-feeds.ts';
import { buildTargetLoss } from './target-loss.ts';

const IMAGE_TOKENS = 4;
const IMAGE_SIZE = 8;
const ROWS = 9;

interface Case {
  readonly title: string;
  readonly withPictures: boolean;
  readonly tied: boolean;
  readonly kvHeads: number;
  readonly adapted?: true;
  readonly vision: Pick<LlavaConfig['vision'], 'activation'>;
  readonly projector: Pick<LlavaConfig['projector'], 'activation' | 'featureLayer'>;
}

const configOf = ({ tied, kvHeads, vision, projector }: Case): LlavaConfig => ({
  family: 'llava',
  decoder: { ...SIZES, layers: 2, kvHeads, tiedEmbeddings: tied },
  vision: {
    hiddenSize: 12,
    intermediateSize: 20,
    layers: 2,
    heads: 3,
    imageSize: IMAGE_SIZE,
    patchSize: 4,
    layerNormEps: 1e-5,
    ...vision,
  },
  projector: { bias: true, select: 'default', ...projector },
  imageTokenId: SIZES.vocabSize - 1,
  imageTokens: IMAGE_TOKENS,
  eosTokenIds: [],
});

/** Two dialogues, one shorter, with one picture each if any. */
function feeds(config: LlavaConfig, withPictures: boolean, seed: number): Record<string, Tensor> {
  const random = stream(seed);
  const example = (rows: number): TargetExample => ({
    ids: Int32Array.from({ length: rows + 1 }, () => Math.floor(random() * SIZES.vocabSize)),
    reply: Uint8Array.from({ length: rows + 1 }, (_, p) => Number(p > IMAGE_TOKENS + 1)),
    spans: withPictures ? [{ start: 1, length: IMAGE_TOKENS, picture: 0, row: 0 }] : [],
    pixels: withPictures
      ? [Float32Array.from({ length: 3 * IMAGE_SIZE ** 2 }, () => 3 * random() - 1.5)]
      : [],
  });
  const examples = [example(ROWS), example(ROWS - 1)];
  const taught = targetFeeds(examples, { members: [0, 1], length: ROWS }, IMAGE_SIZE);
  const share = 1 / (taught.heads as Tensor).data.length;
  return {
    ...taught,
    ...createBatchFeeds(config.decoder)(examples.length, ROWS),
    share: floatTensor(Float32Array.of(share), [1]),
  };
}

const seen = { withPictures: true, tied: false, kvHeads: 2 };
const CASES: readonly Case[] = [
  {
    ...seen,
    title: 'the target’s loss with pictures',
    vision: { activation: 'quick_gelu' },
    projector: { activation: 'gelu', featureLayer: -1 },
  },
  {
    ...seen,
    title: 'the target’s loss with a GELU tower that ends early, and a ReLU projector',
    vision: { activation: 'gelu' },
    projector: { activation: 'relu', featureLayer: -2 },
  },
  {
    title: 'the target’s loss of words alone, head tied to the table',
    withPictures: false,
    tied: true,
    kvHeads: 4,
    vision: { activation: 'gelu' },
    projector: { activation: 'gelu', featureLayer: -1 },
  },
  {
    title: 'the target’s loss through low-rank adapters',
    adapted: true,
    withPictures: false,
    tied: false,
    kvHeads: 2,
    vision: { activation: 'gelu' },
    projector: { activation: 'gelu', featureLayer: -1 },
  },
];

const ADAPTERS = { rank: 3, alpha: 4 };

/** The decoder's matrices with factors of no file. */
function adaptersOf(tensors: ReadonlyMap<string, TensorRef>): Adapter[] {
  const matrices = [...tensors.values()].filter(({ name }) => isAdapted(name));
  const shapes = matrices.map((matrix) => factorShapes(matrix, ADAPTERS.rank));
  const factors = fedRefs(
    shapes.flat().map(({ name, shape }) => [name, shape] as const),
    tensors.size,
  );
  return matrices.map((matrix, i) => {
    const [a, b] = (shapes[i] ?? []).map(({ name }) => factors.get(name) as TensorRef);
    return { matrix, a: a as TensorRef, b: b as TensorRef };
  });
}

for (const [seed, problem] of CASES.entries()) {
  const config = configOf(problem);
  const { withPictures, title } = problem;
  const tensors = fedRefs(storedShapes(config));
  const adapters = problem.adapted ? adaptersOf(tensors) : [];
  const { graph, loss } = buildTargetLoss(config, tensors, withPictures, (empty) =>
    adapt(empty, adapters, ADAPTERS),
  );
  const given = feeds(config, withPictures, seed);
  describeGradients(title, { graph, loss, feeds: given }, seed);
}
