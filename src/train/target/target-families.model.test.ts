import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTensorTable } from '../../checkpoint/tensor-table.ts';
import type { TensorRef, TensorTable, WeightRef } from '../../contracts/checkpoint.ts';
import { ConfigError } from '../../contracts/errors.ts';
import { resolveOptions } from '../../engine/answer/resolve-options.ts';
import { readPictures } from '../../engine/border/read-pictures.ts';
import { createEngine } from '../../engine/engine.ts';
import type { Host } from '../../engine/host.ts';
import { loadModel } from '../../engine/load/load-model.ts';
import { createNodeHost } from '../../engine/node/node-host.ts';
import { decoderOf } from '../../families/families.ts';
import { readFloats } from '../../formats/read-tensor.ts';
import { product } from '../../graph/testing/product.ts';
import { readPicture } from '../../input/node/read-picture.ts';
import { taughtRows } from '../../learn/target/target-feeds.ts';
import type { TokenisedDialogue } from '../data/dialogue.ts';
import { createFeatureSource } from '../features/feature-source.ts';
import { createTakeStep } from '../loop/take-step.ts';
import {
  answer,
  expectFall,
  FAMILIES,
  type FamilyName,
  folderOf,
  inPlace,
  questions,
  readsPictures,
  run,
  runFolder,
  writeDialogues,
} from '../testing/families.ts';
import { openTargetTraining } from './open-target-training.ts';
import { targetConfigSchema } from './target-config.ts';

/** A training of everything that a target of the family has, and the numbers that it learns in place. */
async function openTarget(family: FamilyName, out: string, more: object = {}) {
  const file = writeDialogues(out, family);
  const eyes = readsPictures(family) ? { projector: 1e-3, ...towerOf(family) } : {};
  const config = targetConfigSchema.parse({
    model: folderOf(family),
    data: { train: [file], validation: [file] },
    learn: { ...eyes, decoder: 1e-3, embeddings: 1e-3 },
    optimiser: { schedule: 'constant', warmup: 0 },
    ...{ steps: 4, batch: 4, checkpointEvery: 4, validation: { every: 4 }, threads: 1 },
    ...more,
  });
  return openTargetTraining(config, out);
}

/** A glance model's eye is frozen for good: nothing learns through its convolutions. */
const towerOf = (family: FamilyName) => (family === 'glance' ? {} : { tower: 1e-4 });

/** A target's answers with these weights in place of those of its folder. */
async function answersInMemory(family: FamilyName, weights: ReadonlyMap<string, Float32Array>) {
  const settings = { model: folderOf(family), draft: null, device: 'cpu', threads: 1 } as const;
  const host = await createNodeHost(settings);
  const learned = (ref: TensorRef): WeightRef => {
    const data = weights.get(ref.name);
    return data === undefined ? ref : { name: ref.name, shape: ref.shape, dtype: 'F32', data };
  };
  const modelFolder: Host['modelFolder'] = (dir) => {
    const folder = host.modelFolder(dir);
    const tensors = async () => {
      const table = [...(await folder.tensors())];
      return new Map(table.map(([name, ref]) => [name, learned(ref)])) as TensorTable;
    };
    return { ...folder, tensors, fingerprint: async () => 'in memory' };
  };
  const inMemory = { ...host, modelFolder, checkTarget: async () => {} };
  const engine = await createEngine(inMemory, settings);
  try {
    const ids: number[][] = [];
    for (const asked of questions(family)) {
      const unread = resolveOptions({ ...asked, ...FEW, drafter: 'none' });
      const request = await readPictures(unread, readPicture);
      ids.push([...(await engine.generate(request, () => {})).ids]);
    }
    return ids;
  } finally {
    await engine.dispose();
  }
}

/** Mean cross-entropy of the replies' tokens, by the features that serving computes and the target's head. */
async function servedLoss(family: FamilyName, dialogues: readonly TokenisedDialogue[]) {
  const settings = { model: folderOf(family), draft: null, device: 'cpu', threads: 1 } as const;
  const host = await createNodeHost(settings);
  const model = await loadModel(host, settings);
  const head = await readFloats(decoderOf(model.files).head);
  const source = createFeatureSource({ model, decodeImage: host.decodeImage });
  const losses: number[] = [];
  for (const tokens of dialogues) {
    const { data, width } = (await source.read(tokens)).features;
    for (const row of taughtRows(tokens)) {
      const feature = data.subarray(row * width, (row + 1) * width);
      const logits = product(feature, transposed(head, width), 1, width, head.length / width);
      const chosen = logits[tokens.ids[row + 1] as number] as number;
      losses.push(Math.log(logits.reduce((sum, x) => sum + Math.exp(x), 0)) - chosen);
    }
  }
  await model.dispose();
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

/** [V, H] → [H, V] */
function transposed(matrix: Float32Array, width: number): Float32Array {
  const rows = matrix.length / width;
  return matrix.map((_, at) => matrix[(at % rows) * width + Math.floor(at / rows)] as number);
}

/** A model folder's answers. */
async function answersOf(family: FamilyName, folder: string): Promise<number[][]> {
  const model = await inPlace({ model: folder });
  const ids: number[][] = [];
  for (const asked of questions(family)) {
    ids.push([...(await answer(model, { ...asked, ...FEW, drafter: 'none' })).ids]);
  }
  await model.dispose();
  return ids;
}

function vocabularyOf(family: FamilyName): number {
  const config = JSON.parse(readFileSync(join(folderOf(family), 'config.json'), 'utf8'));
  return config.vocab_size ?? config.text_config.vocab_size;
}

const FEW = { maxTokens: 12, ignoreEos: true };

describe('a target', () => {
  it.each(FAMILIES)(
    'of the family %s learns, and answers from its folder as it learned',
    async (family) => {
      const dir = runFolder();
      const training = await openTarget(family, dir);
      const { weights } = training.course.learner;
      const trained = await run(training, join(dir, 'run'));
      expectFall(trained.validations);
      const before = await readTensorTable(folderOf(family));
      const after = await readTensorTable(trained.model);
      expect([...after.keys()].sort(), 'published names').toEqual([...before.keys()].sort());
      const model = await inPlace({ model: trained.model });
      const ids: number[][] = [];
      for (const asked of questions(family)) {
        ids.push([...(await answer(model, { ...asked, ...FEW, drafter: 'none' })).ids]);
      }
      await model.dispose();
      expect(ids).toEqual(await answersInMemory(family, weights));
    },
  );

  it.each(FAMILIES)('of the family %s is judged by what it would serve', async (family) => {
    const training = await openTarget(family, runFolder());
    const { all } = await training.course.validate(false);
    const { text, visual } = training.material.validation;
    const dialogues = [...text, ...visual].map(({ tokens }) => tokens);
    expect(all.tokenLoss).toBeCloseTo(await servedLoss(family, dialogues), 4);
    await training.dispose();
  });

  it.each(FAMILIES)('of the family %s learns by recomputing its layers', async (family) => {
    const figures = async (recompute: boolean) => {
      const { course, dispose } = await openTarget(family, runFolder(), { recompute });
      const take = createTakeStep(course);
      const { sums, gradNorm } = (await take(0)).result;
      await dispose();
      return [sums.loss as number, gradNorm];
    };
    const [wanted, found] = [await figures(false), await figures(true)];
    for (const [index, number] of wanted.entries()) {
      expect((found[index] as number) / number).toBeCloseTo(1, 5);
    }
  });

  it('is published with what did not learn as it was stored', async () => {
    const dir = runFolder();
    const training = await openTarget('llava', dir, { learn: { projector: 1e-3 } });
    const { weights } = training.course.learner;
    const { model } = await run(training, join(dir, 'run'));
    const before = await readTensorTable(folderOf('llava'));
    for (const [name, ref] of await readTensorTable(model)) {
      const was = before.get(name) as TensorRef;
      expect(ref.dtype, name).toBe(weights.has(name) ? 'F32' : was.dtype);
      if (!weights.has(name)) expect(await readFloats(ref), name).toEqual(await readFloats(was));
    }
    expect(await answersOf('llava', model)).toEqual(await answersInMemory('llava', weights));
  });

  it('learns in the layers that are named alone', async () => {
    const dir = runFolder();
    const chosen = { learn: { decoder: 1e-2 }, layers: [1, 1] };
    const training = await openTarget('glance', dir, chosen);
    const learned = [...training.course.learner.weights.keys()];
    const stored = [...(await readTensorTable(folderOf('glance'))).keys()];
    expect(learned.sort()).toEqual(stored.filter((name) => name.includes('layers.1.')).sort());
    expectFall((await run(training, join(dir, 'run'))).validations);
  });

  it('adapts the layers that are named alone', async () => {
    const chosen = { learn: { adapters: 1e-3 }, layers: [1, 1] };
    const training = await openTarget('glance', runFolder(), chosen);
    const learned = [...training.course.learner.weights.keys()];
    expect(learned.length).toBeGreaterThan(0);
    expect(learned.filter((name) => !name.includes('layers.1.'))).toEqual([]);
    await training.dispose();
  });

  it.each([
    ['beyond the last', { layers: [1, 99] }, /last layer is 1/],
    ['where layers are recomputed', { layers: [0, 0], recompute: true }, /recomputed/],
  ])('refuses layers %s', async (_, more, message) => {
    const opening = openTarget('glance', runFolder(), more);
    await expect(opening).rejects.toThrow(ConfigError);
    await expect(opening).rejects.toThrow(message);
  });

  it.each(FAMILIES)('of the family %s from scratch knows nothing', async (family) => {
    const training = await openTarget(family, runFolder(), { fromScratch: true });
    const { all } = await training.course.validate(false);
    const words = vocabularyOf(family);
    expect(Math.abs((all.tokenLoss as number) - Math.log(words)), 'from ln(V)').toBeLessThan(0.2);
    await training.dispose();
  });

  it('must have something of what is to learn', async () => {
    const opening = openTarget('llama', runFolder(), { learn: { projector: 1e-3 } });
    await expect(opening).rejects.toThrow(ConfigError);
    await expect(opening).rejects.toThrow(/projector/);
  });
});
