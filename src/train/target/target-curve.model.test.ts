import { describe, expect, it } from 'vitest';
import { readTensorTable } from '../../checkpoint/tensor-table.ts';
import { selectTargetTensors } from '../../families/families.ts';
import { readFloats } from '../../formats/read-tensor.ts';
import { createStep, newLearner } from '../../learn/learner.ts';
import { takeWeights } from '../../learn/target/take-weights.ts';
import { createTargetBatch } from '../../learn/target/target-batch.ts';
import type { TargetExample } from '../../learn/target/target-feeds.ts';
import { createTargetLearning } from '../../learn/target/target-learning.ts';
import { targetCurve } from '../data/testing/train-slice.ts';
import { readSlice, TINY } from '../testing/tiny-training.ts';

const STEPS = targetCurve.steps.slice(0, 30);
const SETTINGS = {
  learn: { projector: 1, tower: 1, decoder: 1, embeddings: 1 }, // the curve gives each step's rate
  adapters: { rank: 1, alpha: 1 },
  seed: 0,
  recompute: false,
};

/** Trains as the reference run did, and gives each step's loss and gradient norm. */
async function followReference() {
  const { host, model, networks, feedsOf, dialogueOf } = await readSlice();
  const stored = await readTensorTable(TINY.untrained);
  const tensors = selectTargetTensors(stored, model.files.config, TINY.untrained);
  const taken = await takeWeights(networks, tensors, SETTINGS, readFloats);
  const learner = newLearner(taken.weights);
  const { openSession } = host;
  const settings = { ...SETTINGS, openSession, read: readFloats };
  const learning = await createTargetLearning(networks, taken, settings);
  const batchOf = createTargetBatch(networks.decoder, 4096);
  const step = createStep(learner);
  const adam = { betas: [0.9, 0.95], eps: 1e-8, weightDecay: 0.05 } as const;
  const figures: { loss: number; norm: number }[] = [];
  for (const { items, lr } of STEPS) {
    const examples: TargetExample[] = [];
    for (const { tokens } of items.map(dialogueOf)) {
      const pictures = await Promise.all(tokens.images.map(feedsOf));
      examples.push({ ...tokens, pictures });
    }
    const runs = learning.runsOf(batchOf(examples));
    const { sums, gradNorm } = await step(runs, { adam, clip: 1, rate: () => lr });
    figures.push({ loss: sums.loss as number, norm: gradNorm });
  }
  await learning.dispose();
  return figures;
}

describe('30 steps of the reference run of a target from scratch', async () => {
  const figures = await followReference();
  const worst = (of: (index: number) => number) =>
    Math.max(...STEPS.map((_, index) => Math.abs(of(index) - 1)));

  it('have its losses within 1e-4', () => {
    expect(worst((i) => (figures[i]?.loss ?? 0) / (STEPS[i]?.loss ?? 1))).toBeLessThan(1e-4);
  });

  it('have its gradient norms within 1e-4', () => {
    expect(worst((i) => (figures[i]?.norm ?? 0) / (STEPS[i]?.grad_norm ?? 1))).toBeLessThan(1e-4);
  });
});
