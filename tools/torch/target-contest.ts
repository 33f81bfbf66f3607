import { selectTargetTensors } from '../../src/checkpoint/target-files.ts';
import { readTensorTable } from '../../src/checkpoint/tensor-table.ts';
import type { TensorRef } from '../../src/contracts/checkpoint.ts';
import { createNodeHost } from '../../src/engine/node/node-host.ts';
import { type Item, targetCurve } from '../../src/train/data/testing/train-slice.ts';
import { newLearner } from '../../src/learn/learner.ts';
import { createBatchFeeds } from '../../src/learn/batch-feeds.ts';
import { createTargetBatch } from '../../src/learn/target/target-batch.ts';
import { type TargetExample, targetFeeds } from '../../src/learn/target/target-feeds.ts';
import { createTargetLearning, takeWeights } from '../../src/learn/target/target-learning.ts';
import { readSlice, TINY } from '../../src/train/testing/tiny-training.ts';
import { type Contest, type ContestBatch, fresh, rowsOf } from './contest.ts';
import { weightTensors } from './tensor-file.ts';

/** Everything learns; the reference run gives each step's rate. */
const LEARN = {
  learn: { projector: 1, tower: 1, decoder: 1, embeddings: 1 },
  adapters: { rank: 1, alpha: 1 },
  seed: 0,
  recompute: false,
};

/** The target's step over the batches of 32 dialogues of its reference run, from scratch. */
export async function targetContest(threads: number, most: number): Promise<Contest> {
  const { config, pixelsOf, dialogueOf } = await readSlice();
  const host = await createNodeHost({
    model: TINY.target,
    draft: null,
    device: 'cpu',
    threads,
    idle: 'spin', // as training opens it
  });
  const stored = await readTensorTable(TINY.untrained);
  const taken = await takeWeights(selectTargetTensors(stored, config, TINY.untrained), LEARN);
  const shapeOf = (name: string) => (taken.tensors.get(name) as TensorRef).shape;
  const begin = new Map([...taken.weights].map(([name, data]) => [name, data.slice()]));
  const learner = newLearner(taken.weights);
  const networks = await createTargetLearning(config, taken, learner, LEARN, host.openSession);

  const exampleOf = async (item: Item): Promise<TargetExample> => {
    const { tokens } = dialogueOf(item);
    const pixels = await Promise.all(tokens.images.map(pixelsOf));
    return { ...tokens, pixels };
  };
  const batchOf = createTargetBatch(config, 4096);
  const batchFeeds = createBatchFeeds(config.decoder);
  const batches: ContestBatch[] = [];
  for (const { items, lr } of targetCurve.steps.slice(0, Math.min(30, most))) {
    const examples = await Promise.all(items.map(exampleOf));
    const batch = batchOf(examples);
    const grouped = batch.groups.map(({ feeds }) => feeds);
    const length = Math.max(...examples.map(({ ids }) => ids.length - 1));
    const whole = { members: examples.map((_, index) => index), length };
    const { share } = grouped[0] as (typeof grouped)[number];
    const padded = [
      {
        ...targetFeeds(examples, whole, config.vision.imageSize),
        ...batchFeeds(examples.length, length),
        ...(share && { share }),
      },
    ];
    batches.push({
      rate: lr,
      runs: () =>
        networks.runsOf(batch).map(({ graph, feeds }) => ({ graph, feeds: fresh(feeds) })),
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
    dispose: networks.dispose,
  };
}
