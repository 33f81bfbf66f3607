import { readTensorTable } from '../../src/checkpoint/tensor-table.ts';
import type { TensorRef } from '../../src/contracts/checkpoint.ts';
import type { Feeds, Tensor } from '../../src/contracts/session.ts';
import { createNodeHost } from '../../src/engine/node/node-host.ts';
import { selectTargetTensors } from '../../src/families/families.ts';
import { readFloats } from '../../src/formats/read-tensor.ts';
import { createBatchFeeds } from '../../src/learn/batch-feeds.ts';
import { newLearner } from '../../src/learn/learner.ts';
import { joinRows } from '../../src/learn/target/row-tensors.ts';
import { takeWeights } from '../../src/learn/target/take-weights.ts';
import { createTargetBatch, type TargetBatch } from '../../src/learn/target/target-batch.ts';
import { type TargetExample, targetFeeds } from '../../src/learn/target/target-feeds.ts';
import { createTargetLearning } from '../../src/learn/target/target-learning.ts';
import { type Item, targetCurve } from '../../src/train/data/testing/train-slice.ts';
import { readSlice, TINY } from '../../src/train/testing/tiny-training.ts';
import { type Benchmark, type BenchmarkBatch, fresh, rowsOf } from './benchmark.ts';
import { weightTensors } from './tensor-file.ts';

/** Everything learns; the reference run gives each step's rate. */
const LEARN = {
  learn: { projector: 1, tower: 1, decoder: 1, embeddings: 1 },
  adapters: { rank: 1, alpha: 1 },
  seed: 0,
  recompute: false,
};

/** The target's step over the batches of 32 dialogues of its reference run, from scratch. */
export async function targetBenchmark(threads: number, most: number): Promise<Benchmark> {
  const { model, networks, feedsOf, dialogueOf } = await readSlice();
  const { config } = model.files;
  const host = await createNodeHost({
    model: TINY.target,
    draft: null,
    device: 'cpu',
    threads,
    idle: 'spin', // as training opens it
  });
  const stored = await readTensorTable(TINY.untrained);
  const tensors = selectTargetTensors(stored, config, TINY.untrained);
  const taken = await takeWeights(networks, tensors, LEARN, readFloats);
  const shapeOf = (name: string) => (tensors.get(name) as TensorRef).shape;
  const begin = new Map([...taken.weights].map(([name, data]) => [name, data.slice()]));
  const learner = newLearner(taken.weights);
  const { openSession } = host;
  const settings = { ...LEARN, openSession, read: readFloats };
  const learning = await createTargetLearning(networks, taken, settings);

  const exampleOf = async (item: Item): Promise<TargetExample> => {
    const { tokens } = dialogueOf(item);
    const pictures = await Promise.all(tokens.images.map(feedsOf));
    return { ...tokens, pictures };
  };
  const batchOf = createTargetBatch(networks.decoder, 4096);
  const { inPlace } = createBatchFeeds(networks.decoder);
  const batches: BenchmarkBatch[] = [];
  for (const { items, lr } of targetCurve.steps.slice(0, Math.min(30, most))) {
    const examples = await Promise.all(items.map(exampleOf));
    const batch = batchOf(examples);
    const grouped = batch.groups.map(({ feeds, pictures }) => withPixels(feeds, pictures));
    const length = Math.max(...examples.map(({ ids }) => ids.length - 1));
    const whole = { members: examples.map((_, index) => index), length };
    const { share } = grouped[0] as (typeof grouped)[number];
    const together = {
      ...targetFeeds(examples, whole),
      ...inPlace(examples.length, length),
      ...(share && { share }),
    };
    const padded = [
      withPixels(
        together,
        examples.flatMap(({ pictures }) => pictures),
      ),
    ];
    batches.push({
      rate: lr,
      runs: () => learning.runsOf(freshBatch(batch)),
      grouped,
      padded,
      rows: { own: batch.rows, grouped: rowsOf(grouped), padded: rowsOf(padded) },
    });
  }
  return {
    name: 'target, 32 dialogues',
    batches,
    learner,
    settings: { adam: { betas: [0.9, 0.95], eps: 1e-8, weightDecay: 0.05 }, clip: 1 },
    torch: { kind: 'target', sizes: config, frozen: [] },
    weights: weightTensors(begin, shapeOf),
    dispose: learning.dispose,
  };
}

/** The pixels of all pictures, as PyTorch's side reads them. */
function withPixels(feeds: Feeds, pictures: readonly Feeds[]): Feeds {
  if (pictures.length === 0) return feeds;
  return { ...feeds, pixels: joinRows(pictures.map(({ pixels }) => pixels as Tensor)) };
}

const freshBatch = (batch: TargetBatch): TargetBatch => ({
  ...batch,
  groups: batch.groups.map(({ kind, feeds, pictures }) => ({
    kind,
    feeds: fresh(feeds),
    pictures: pictures.map(fresh),
  })),
});
