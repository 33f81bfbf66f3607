import type { BlockDraftConfig } from '../../src/contracts/block-draft.ts';
import type { WeightRef } from '../../src/contracts/checkpoint.ts';
import { floatTensor } from '../../src/contracts/session.ts';
import { loadModel } from '../../src/engine/load/load-model.ts';
import { createNodeHost } from '../../src/engine/node/node-host.ts';
import { blockDraftShapes } from '../../src/families/block-draft-layout.ts';
import { decoderOf } from '../../src/families/families.ts';
import { readFloats } from '../../src/formats/read-tensor.ts';
import { drawAnchors } from '../../src/learn/draft/block/anchors.ts';
import { type BlockExample, createBlockBatch } from '../../src/learn/draft/block/block-batch.ts';
import { createBlockLearning } from '../../src/learn/draft/block/block-learning.ts';
import { initialBlockDraft } from '../../src/learn/draft/block/initial-block.ts';
import { lossShares } from '../../src/learn/draft/block/loss-shares.ts';
import { newLearner, runOf } from '../../src/learn/learner.ts';
import { draftCurve } from '../../src/train/data/testing/train-slice.ts';
import { createFeatureSource } from '../../src/train/features/feature-source.ts';
import { readSlice, TINY } from '../../src/train/testing/tiny-training.ts';
import { type Benchmark, type BenchmarkBatch, fresh } from './benchmark.ts';
import { weightTensors } from './tensor-file.ts';

const SIZES = { layers: 2, slots: 6, rank: 64, fusion: 'decoupled' } as const;
/** Half-way from one loss to the other, so that every one counts. */
const SHARES = lossShares(
  { crossEntropy: 0.1, totalVariation: 0.9, confidence: 0.2, warmShare: 1 },
  0.5,
);
const ANCHORS = 12;
const RATE = 1e-3;
const EMBEDDING = 'embed_tokens.weight';

/** The block draft's step over the dialogues of the draft's reference run, `size` at a time. */
export async function blockBenchmark(
  size: number,
  threads: number,
  most: number,
): Promise<Benchmark> {
  const { dialogueOf } = await readSlice();
  const settings = { model: TINY.target, draft: null, device: 'cpu', threads } as const;
  const host = await createNodeHost(settings);
  const model = await loadModel(host, settings);
  const { embedding: table, head } = decoderOf(model.files);
  const { family, decoder } = model.files.config;
  const config: BlockDraftConfig = { ...decoder, ...SIZES, family };
  const shapes = blockDraftShapes(config);
  const weights = initialBlockDraft(shapes, 1);
  const tensors = new Map<string, WeightRef>();
  for (const [name, shape] of shapes) {
    tensors.set(name, { name, dtype: 'F32', shape, data: weights.get(name) as Float32Array });
  }
  const copies = new Map([...weights].map(([name, data]) => [name, data.slice()]));
  const torchWeights = {
    ...weightTensors(copies, (name) => shapes.get(name) as readonly number[]),
    [EMBEDDING]: floatTensor(await readFloats(table), table.shape),
    head: floatTensor(await readFloats(head), head.shape),
  };
  const learner = newLearner(weights);
  const learned = { tensors, table, head };
  const { learning, dispose } = await createBlockLearning(config, learned, host.openSession);

  const featureSource = createFeatureSource({ model, decodeImage: host.decodeImage });
  const batchOf = createBlockBatch(config, 4096);
  const items = draftCurve.steps.flatMap((step) => step.items);
  const batches: BenchmarkBatch[] = [];
  for (let first = 0; first + size <= items.length && batches.length < most; first += size) {
    const examples: BlockExample[] = [];
    for (const [index, item] of items.slice(first, first + size).entries()) {
      const { tokens } = dialogueOf(item);
      const { features, visual } = await featureSource.read(tokens);
      const anchors = drawAnchors(tokens, ANCHORS, 0, first + index);
      const read = features.data;
      examples.push({ ...tokens, anchors, features, read, ...(visual && { visual }) });
    }
    const { groups, rows } = batchOf(examples);
    const grouped = groups.map((feeds) => ({ ...feeds, ...SHARES }));
    const computed = groups.reduce(
      (sum, { features, order }) => sum + (features?.shape[0] ?? 0) + (order?.shape[0] ?? 0),
      0,
    );
    batches.push({
      rate: RATE,
      runs: () => grouped.map((feeds) => runOf(learning, fresh(feeds))),
      grouped,
      padded: grouped,
      rows: { own: rows, grouped: computed, padded: computed },
    });
  }
  await model.dispose();
  return {
    name: `block draft, ${size} dialogues`,
    batches,
    learner,
    settings: { adam: { betas: [0.9, 0.95], eps: 1e-8, weightDecay: 0 }, clip: 1 },
    torch: { kind: 'block', sizes: config, frozen: [EMBEDDING, 'head'] },
    weights: torchWeights,
    dispose,
  };
}
