import { describe, expect, it } from 'vitest';
import type { TensorRef } from '../../contracts/checkpoint.ts';
import { loadModel } from '../../engine/load/load-model.ts';
import { draftShapes } from '../../families/draft-layout.ts';
import { familyOf } from '../../families/families.ts';
import { readDraft } from '../../families/read-draft.ts';
import { readFloats } from '../../formats/read-tensor.ts';
import { createDraftBatch } from '../../learn/draft/msd/draft-batch.ts';
import type { DraftExample } from '../../learn/draft/msd/draft-feeds.ts';
import { createDraftLearning } from '../../learn/draft/msd/draft-learning.ts';
import { draftTensors, EMBEDDING } from '../../learn/draft/msd/initial-draft.ts';
import { createStep, newLearner, runOf } from '../../learn/learner.ts';
import { readSafetensorsHeader } from '../../safetensors/safetensors.ts';
import { draftCurve } from '../data/testing/train-slice.ts';
import { createFeatureSource } from '../features/feature-source.ts';
import { readSlice, TINY } from '../testing/tiny-training.ts';

const OBJECTIVE = {
  ...({ fusion: 'decoupled', placing: 'published' } as const),
  ...{ featureWeight: 1, tokenWeight: 0.1 },
};

/** Trains as the reference run did, and gives each step's figures and the weights in the end. */
async function followReference() {
  const { host, dialogueOf } = await readSlice();
  const settings = { model: TINY.target, draft: TINY.draft, device: 'cpu', threads: 2 } as const;
  const model = await loadModel(host, settings);
  const { config } = await readDraft(host.modelFolder(TINY.draft));
  const featureSource = createFeatureSource({ model, decodeImage: host.decodeImage });
  const stored = await readSafetensorsHeader(TINY.draftBefore);
  const weights = new Map<string, Float32Array>();
  for (const [name, ref] of stored)
    if (name !== EMBEDDING) weights.set(name, await readFloats(ref));
  const learner = newLearner(weights);
  const embedding = stored.get(EMBEDDING) as TensorRef;
  const { head } = familyOf(model.files.config).decoder(model.files.config, model.files.tensors);
  const tensors = draftTensors(draftShapes(config), embedding, weights);
  const objective = { ...OBJECTIVE, depths: 1, depthDecay: 1 };
  const { learning, dispose } = await createDraftLearning(
    config,
    { tensors, head },
    objective,
    1,
    host.openSession,
  );
  const batchOf = createDraftBatch(config, objective, 4096);
  const step = createStep(learner);
  const adam = { betas: [0.9, 0.95], eps: 1e-8, weightDecay: 0 } as const;
  const figures: { loss: number; feature: number; token: number; norm: number }[] = [];
  for (const { items } of draftCurve.steps) {
    const examples: DraftExample[] = [];
    for (const item of items) {
      const { tokens } = dialogueOf(item);
      const { features, visual } = await featureSource.read(tokens);
      examples.push({ ...tokens, features, read: features.data, ...(visual && { visual }) });
    }
    const runs = batchOf(examples).groups.map((feeds) => runOf(learning, feeds));
    const { sums, gradNorm } = await step(runs, { adam, clip: 0.5, rate: () => 1e-3 });
    figures.push({
      loss: sums.loss as number,
      feature: sums.feature_loss as number,
      token: sums.token_loss as number,
      norm: gradNorm,
    });
  }
  await Promise.all([dispose(), model.dispose()]);
  return { figures, weights };
}

describe('50 steps of the reference run of a draft', async () => {
  const { figures, weights } = await followReference();
  const worst = (of: (index: number) => number) =>
    Math.max(...draftCurve.steps.map((_, index) => Math.abs(of(index) - 1)));
  const figure = (index: number) => figures[index] as (typeof figures)[number];
  const reference = (index: number) => draftCurve.steps[index] as (typeof draftCurve.steps)[number];

  it('have its losses within 1e-4', () => {
    expect(
      worst((i) => figure(i).loss / reference(i).loss),
      'whole loss',
    ).toBeLessThan(1e-4);
    expect(
      worst((i) => figure(i).feature / reference(i).vloss),
      'features',
    ).toBeLessThan(1e-4);
    expect(
      worst((i) => figure(i).token / reference(i).ploss),
      'tokens',
    ).toBeLessThan(1e-4);
  });

  it('have its gradient norms within 1e-4', () => {
    expect(worst((i) => figure(i).norm / reference(i).grad_norm)).toBeLessThan(1e-4);
  });

  it('end at its weights within 1e-4', async () => {
    for (const [name, ref] of await readSafetensorsHeader(TINY.draftAfter)) {
      const ours = weights.get(name);
      if (ours === undefined) continue;
      const theirs = await readFloats(ref);
      const apart = theirs.reduce((most, x, i) => Math.max(most, Math.abs(x - (ours[i] ?? 0))), 0);
      expect(apart, name).toBeLessThan(1e-4);
    }
  });
});
