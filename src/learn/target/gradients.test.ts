import type { DecoderConfig, MemoryTensor, TensorRef } from '../../contracts/checkpoint.ts';
import { type Feeds, floatTensor } from '../../contracts/session.ts';
import { llamaWeights } from '../../families/decoder/llama-weights.ts';
import { describeGradients } from '../../graph/testing/describe-gradients.ts';
import { fedRefs, stream } from '../../graph/testing/random-network.ts';
import type { LlamaWeights } from '../../model/llama.ts';
import { llamaShapes, SIZES } from '../../model/testing/random-llama.ts';
import { type Adapter, adapt, adaptedMatrices, initialFactors } from './adapters.ts';
import { createTargetBatch, type TargetGroup } from './target-batch.ts';
import type { TargetExample } from './target-feeds.ts';
import { buildTargetLoss } from './target-loss.ts';

const TOKENS = 4;
const ROWS = 9;

interface Case {
  readonly title: string;
  readonly kind: TargetGroup['kind'];
  readonly decoder: DecoderConfig;
  readonly adapted?: true;
}

const decoder = { ...SIZES, layers: 2, kvHeads: 2, tiedEmbeddings: false };
const CASES: readonly Case[] = [
  { title: 'the target’s loss with pictures', kind: 'visual', decoder },
  {
    title: 'the target’s loss with pictures at M-RoPE’s positions',
    kind: 'visual',
    decoder: { ...decoder, mropeSection: [2, 1, 1] },
  },
  {
    title: 'the target’s loss of words alone, head tied to the table',
    kind: 'text',
    decoder: { ...decoder, kvHeads: 4, tiedEmbeddings: true },
  },
  { title: 'the target’s loss through low-rank adapters', kind: 'text', decoder, adapted: true },
];

/** Two dialogues, one shorter, with one picture each if any. */
function feedsOf({ kind, decoder }: Case, seed: number): Feeds {
  const random = stream(seed);
  const visual = kind === 'visual';
  const rising = Int32Array.from({ length: ROWS + 1 }, (_, i) => i);
  const example = (rows: number): TargetExample => ({
    ids: Int32Array.from({ length: rows + 1 }, () => Math.floor(random() * SIZES.vocabSize)),
    reply: Uint8Array.from({ length: rows + 1 }, (_, p) => Number(p > TOKENS + 1)),
    spans: visual ? [{ start: 1, length: TOKENS, picture: 0, row: 0 }] : [],
    pictures: visual ? [{}] : [],
    ...(visual && {
      positions: { time: rising.map((p) => Math.min(p, 5)), height: rising, width: rising },
    }),
  });
  const batch = createTargetBatch(decoder, 4096)([example(ROWS), example(ROWS - 1)]);
  const [{ feeds }] = batch.groups as [TargetGroup];
  const width = SIZES.hiddenSize;
  const embeddings = Float32Array.from({ length: 2 * TOKENS * width }, () => 3 * random() - 1.5);
  return { ...feeds, ...(visual && { visual: floatTensor(embeddings, [2 * TOKENS, width]) }) };
}

const SETTINGS = { rank: 3, alpha: 4 };

const adaptersOf = (weights: LlamaWeights): Adapter[] =>
  [...adaptedMatrices(weights)].map((matrix) => ({
    matrix,
    ...(initialFactors(matrix, SETTINGS.rank, () => 0) as { a: MemoryTensor; b: MemoryTensor }),
  }));

for (const [seed, problem] of CASES.entries()) {
  const { title, kind, decoder, adapted = false } = problem;
  const tensors = fedRefs(llamaShapes(decoder, ''));
  const table = tensors.get('model.embed_tokens.weight') as TensorRef;
  if (decoder.tiedEmbeddings) tensors.set('lm_head.weight', table);
  const weights = llamaWeights(tensors, decoder, { model: 'model.', head: 'lm_head.weight' });
  const visual = kind === 'visual';
  const apart = visual && decoder.mropeSection !== undefined;
  const { graph, value, x } = buildTargetLoss(
    decoder,
    weights,
    { visual, apart, towerLearns: visual },
    (empty) => adapt(empty, adapted ? adaptersOf(weights) : [], SETTINGS),
  );
  const feeds = feedsOf(problem, seed);
  describeGradients(title, { graph, loss: value, reads: x ? [x] : [], feeds }, seed);
}
