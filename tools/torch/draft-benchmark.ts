import type { TensorRef } from '../../src/contracts/checkpoint.ts';
import { floatTensor } from '../../src/contracts/session.ts';
import { loadModel } from '../../src/engine/load/load-model.ts';
import { createNodeHost } from '../../src/engine/node/node-host.ts';
import { draftShapes } from '../../src/families/draft-layout.ts';
import { familyOf } from '../../src/families/families.ts';
import { readDraft } from '../../src/families/read-draft.ts';
import { readFloats } from '../../src/formats/read-tensor.ts';
import { createBatchFeeds } from '../../src/learn/batch-feeds.ts';
import { createDraftBatch } from '../../src/learn/draft/msd/draft-batch.ts';
import { type DraftExample, draftFeeds } from '../../src/learn/draft/msd/draft-feeds.ts';
import { createDraftLearning } from '../../src/learn/draft/msd/draft-learning.ts';
import { draftTensors, EMBEDDING } from '../../src/learn/draft/msd/initial-draft.ts';
import { newLearner, runOf } from '../../src/learn/learner.ts';
import { readSafetensorsHeader } from '../../src/safetensors/safetensors.ts';
import { draftCurve, type Item } from '../../src/train/data/testing/train-slice.ts';
import { createFeatureSource } from '../../src/train/features/feature-source.ts';
import { readSlice, TINY } from '../../src/train/testing/tiny-training.ts';
import { type Benchmark, type BenchmarkBatch, fresh, rowsOf } from './benchmark.ts';
import { weightTensors } from './tensor-file.ts';

const OBJECTIVE = {
  fusion: 'decoupled',
  placing: 'published',
  featureWeight: 1,
  tokenWeight: 0.1,
  depths: 1,
  depthDecay: 1,
} as const;
const RATE = 1e-3;

/** The draft's step over the dialogues of its reference run, `size` at a time. */
export async function draftBenchmark(
  size: number,
  threads: number,
  most: number,
): Promise<Benchmark> {
  const { dialogueOf } = await readSlice();
  const settings = { model: TINY.target, draft: TINY.draft, device: 'cpu', threads } as const;
  const host = await createNodeHost(settings);
  const model = await loadModel(host, settings);
  const { config } = await readDraft(host.modelFolder(TINY.draft));
  const stored = await readSafetensorsHeader(TINY.draftBefore);
  const embedding = stored.get(EMBEDDING) as TensorRef;
  const { head } = familyOf(model.files.config).decoder(model.files.config, model.files.tensors);
  const weights = new Map<string, Float32Array>();
  for (const [name, ref] of stored) {
    if (name !== EMBEDDING) weights.set(name, await readFloats(ref));
  }
  const shapeOf = (name: string) => (stored.get(name) as TensorRef).shape;
  const torchWeights = {
    ...weightTensors(new Map([...weights].map(([name, data]) => [name, data.slice()])), shapeOf),
    [EMBEDDING]: floatTensor(await readFloats(embedding), embedding.shape),
    head: floatTensor(await readFloats(head), head.shape),
  };
  const learner = newLearner(weights);
  const { learning, dispose } = await createDraftLearning(
    config,
    { tensors: draftTensors(draftShapes(config), embedding, weights), head },
    OBJECTIVE,
    1,
    host.openSession,
  );

  const featureSource = createFeatureSource({ model, decodeImage: host.decodeImage });
  const exampleOf = async (item: Item): Promise<DraftExample> => {
    const { tokens } = dialogueOf(item);
    const { features, visual } = await featureSource.read(tokens);
    return { ...tokens, features, read: features.data, ...(visual && { visual }) };
  };
  const batchOf = createDraftBatch(config, OBJECTIVE, 4096);
  const { inPlace } = createBatchFeeds(config);
  const items = draftCurve.steps.flatMap((step) => step.items);
  const batches: BenchmarkBatch[] = [];
  for (let first = 0; first + size <= items.length && batches.length < most; first += size) {
    const examples: DraftExample[] = [];
    for (const item of items.slice(first, first + size)) examples.push(await exampleOf(item));
    const { groups: grouped, rows: own } = batchOf(examples);
    const length = Math.max(...examples.map(({ ids }) => ids.length - 1));
    const whole = { members: examples.map((_, index) => index), length };
    const { share_1 } = grouped[0] as (typeof grouped)[number];
    const padded = [
      {
        ...draftFeeds(examples, whole, { hiddenSize: config.hiddenSize, depths: 1 }),
        ...inPlace(size, length),
        ...(share_1 && { share_1 }),
      },
    ];
    batches.push({
      rate: RATE,
      runs: () => grouped.map((feeds) => runOf(learning, fresh(feeds))),
      grouped,
      padded,
      rows: { own, grouped: rowsOf(grouped), padded: rowsOf(padded) },
    });
  }
  await model.dispose();
  return {
    name: `draft, ${size} dialogues`,
    batches,
    learner,
    settings: { adam: { betas: [0.9, 0.95], eps: 1e-8, weightDecay: 0 }, clip: 0.5 },
    torch: { kind: 'draft', sizes: config, frozen: [EMBEDDING, 'head'] },
    weights: torchWeights,
    dispose,
  };
}
