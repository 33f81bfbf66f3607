import { describe, expect, it } from 'vitest';
import { floatTensor, type Tensor } from '../../contracts/session.ts';
import { readFloats } from '../../formats/read-tensor.ts';
import type { StepRun } from '../../learn/learner.ts';
import { takeWeights } from '../../learn/target/take-weights.ts';
import { createTargetBatch } from '../../learn/target/target-batch.ts';
import type { TargetExample } from '../../learn/target/target-feeds.ts';
import { createTargetLearning } from '../../learn/target/target-learning.ts';
import { targetCurve } from '../data/testing/train-slice.ts';
import { readSlice } from '../testing/tiny-training.ts';
import type { TargetTraining } from './target-config.ts';

const CASES: Record<string, TargetTraining['learn']> = {
  everything: { projector: 1, tower: 1, decoder: 1, embeddings: 1 },
  'the projector': { projector: 1 },
  'adapters and projector': { adapters: 1, projector: 1 },
};

/** Loss and gradients of a run. */
async function gradientsOf(run: StepRun, weights: ReadonlyMap<string, Float32Array>) {
  const given: Record<string, Tensor> = {};
  for (const { name, shape, input, before } of run.learned) {
    const data = weights.get(name) as Float32Array;
    given[input] = floatTensor(data, shape);
    given[before] = floatTensor(new Float32Array(data.length), shape);
  }
  const result = await run.run(given);
  const gradients = run.learned.map(
    ({ name, gradient }) => [name, result[gradient]?.data as Float32Array] as const,
  );
  return { loss: result.loss?.data[0] as number, gradients: new Map(gradients) };
}

const norm = (data: Float32Array): number => Math.sqrt(data.reduce((sum, x) => sum + x * x, 0));

describe('recomputation', async () => {
  const { host, model, networks, feedsOf, dialogueOf } = await readSlice();
  const { openSession } = host;
  const { decoder } = networks;
  const items = targetCurve.steps[0]?.items.slice(0, 6) ?? [];
  const examples: TargetExample[] = [];
  for (const { tokens } of items.map(dialogueOf)) {
    const pictures = await Promise.all(tokens.images.map(feedsOf));
    examples.push({ ...tokens, pictures });
  }
  const batch = createTargetBatch(decoder, 4096)(examples);

  it.each(Object.entries(CASES))(
    'gives the same loss and gradients where %s learns',
    async (_, learn) => {
      expect(decoder.layers, 'layers that share their sessions').toBeGreaterThan(2);
      const settings = { learn, adapters: { rank: 4, alpha: 8 }, seed: 1 };
      const taken = await takeWeights(networks, model.files.tensors, settings, readFloats);
      for (const [name, data] of taken.weights) if (name.endsWith('lora_B')) data.fill(0.01);
      const open = (recompute: boolean) =>
        createTargetLearning(networks, taken, {
          ...{ ...settings, recompute, openSession, read: readFloats },
        });
      const [whole, apart] = [await open(false), await open(true)];
      const runs = [whole.runsOf(batch), apart.runsOf(batch)] as const;
      expect(runs[0].length).toBeGreaterThan(0);
      expect(runs[1]).toHaveLength(runs[0].length);
      for (const [index, run] of runs[0].entries()) {
        const wanted = await gradientsOf(run, taken.weights);
        const found = await gradientsOf(runs[1][index] as StepRun, taken.weights);
        expect(found.loss).toBeCloseTo(wanted.loss, 5);
        expect([...found.gradients.keys()].toSorted()).toEqual(
          [...wanted.gradients.keys()].toSorted(),
        );
        for (const [name, gradient] of wanted.gradients) {
          const other = found.gradients.get(name) as Float32Array;
          const difference = norm(gradient.map((x, i) => x - (other[i] as number)));
          expect(difference, name).toBeLessThanOrEqual(1e-5 * Math.max(norm(gradient), 1e-3));
        }
      }
      await Promise.all([whole.dispose(), apart.dispose()]);
    },
  );
});
