import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { GenerateOptions, GenerateResult } from '../contracts/generate.ts';
import type { LoadOptions } from '../contracts/load.ts';
import { createNodeHost } from '../engine/node/node-host.ts';
import { load, type MsdModel } from '../load.ts';
import { draftConfigSchema } from './draft/draft-config.ts';
import { openDraftTraining } from './draft/open-draft-training.ts';
import { runHarvest } from './harvest/run-harvest.ts';
import { readMetrics } from './run/metrics.ts';
import type { ValidationRecord } from './run/records.ts';
import { runTraining } from './run-training.ts';
import {
  FAMILIES,
  type FamilyName,
  folderOf,
  questions,
  readsPictures,
  runFolder,
  writeDialogues,
} from './testing/families.ts';
import type { Training } from './training.ts';

const NAMES = Object.keys(FAMILIES) as FamilyName[];
/** Those that turn pictures by rows and columns. */
const BY_AXES = ['qwen2_vl', 'qwen2_5_vl'] as const;

/** Takes a training's steps in a folder; its validations, and what it published. */
async function run(
  training: Training,
  out: string,
): Promise<{ validations: ValidationRecord[]; model: string }> {
  const settings = { out, command: '', now: new Date(0), onWarning: () => {}, onOpen: () => {} };
  const { model } = await runTraining(training, settings, {
    clock: () => performance.now(),
    cancelled: () => false,
    onStep: () => {},
    onValidation: () => {},
  });
  await training.dispose();
  const validations = (await readMetrics(out)).filter(({ kind }) => kind === 'validation');
  return { validations: validations as ValidationRecord[], model: model as string };
}

const inPlace = (options: LoadOptions) => load({ ...options, thread: false, threads: 1 });

async function answer(model: MsdModel, options: GenerateOptions): Promise<GenerateResult> {
  for await (const event of model.generate(options)) if (event.type === 'done') return event.result;
  throw new Error('the answer never ended');
}

async function trainDraft(family: FamilyName, positions: 'published' | 'mrope' = 'published') {
  const dir = runFolder();
  const file = writeDialogues(dir, family);
  const config = draftConfigSchema.parse({
    model: folderOf(family),
    data: { train: [file], validation: [file] },
    draft: { positions },
    curriculum: { kind: readsPictures(family) ? 'mixed' : 'text' },
    noise: { amplitude: 0 },
    optimiser: { rate: 3e-3, schedule: 'constant', warmup: 0 },
    validation: { every: 12, depths: 2, decode: 0, decodeAtEnd: 1 },
    ...{ steps: 12, batch: 2, checkpointEvery: 12, threads: 1 },
  });
  return run(await openDraftTraining(config, () => {}), join(dir, 'run'));
}

/** The tree that validation decodes with. */
const TREE = { total: 59, depth: 5, topK: 10 };

/** Answers with the draft: plain decoding's, in as many passes as the training's last validation counted. */
async function expectServes(
  model: MsdModel,
  family: FamilyName,
  { text, visual }: ValidationRecord,
): Promise<void> {
  const counted = [text?.tokensPerPass, visual?.tokensPerPass];
  for (const [index, asked] of questions(family).entries()) {
    const options = { ...asked, maxTokens: 64 };
    const plain = await answer(model, { ...options, drafter: 'none' });
    const drafted = await answer(model, { ...options, tree: TREE });
    expect(drafted.ids, 'speculative decoding').toEqual(plain.ids);
    expect((drafted.ids.length - 1) / drafted.passes, 'tokens per pass').toBe(counted[index]);
  }
}

function expectFall({ validations }: { readonly validations: readonly ValidationRecord[] }): void {
  const losses = (kind: 'text' | 'visual') => validations.map((record) => record[kind]?.loss ?? 0);
  for (const kind of ['text', 'visual'] as const) {
    const [before = 0, after = 0] = [losses(kind)[0], losses(kind).at(-1)];
    if (before > 0) expect(after, `loss of ${kind}`).toBeLessThan(0.9 * before);
  }
}

describe('a draft', () => {
  it.each(NAMES)('of a %s learns, and serves as it was validated', async (family) => {
    const trained = await trainDraft(family);
    expectFall(trained);
    const model = await inPlace({ model: folderOf(family), draft: trained.model });
    await expectServes(model, family, trained.validations.at(-1) as ValidationRecord);
    await model.dispose();
  });

  it.each(BY_AXES)('of a %s can learn at its target’s positions', async (family) => {
    const trained = await trainDraft(family, 'mrope');
    expectFall(trained);
    const placed = { draft: trained.model, draftPositions: 'mrope' } as const;
    const model = await inPlace({ model: folderOf(family), ...placed });
    await expectServes(model, family, trained.validations.at(-1) as ValidationRecord);
    await model.dispose();
  });
});

describe('a harvest', () => {
  it.each(NAMES)('has the answers of a %s', async (family) => {
    const dir = runFolder();
    const file = writeDialogues(dir, family);
    const out = join(dir, 'answers.jsonl');
    const sampling = { temperature: 0, topK: 0, topP: 1, minP: 0, seed: 0 };
    const target = { model: folderOf(family), device: 'cpu', threads: 1 } as const;
    const host = await createNodeHost({ ...target, draft: null });
    const complete = await runHarvest(
      {
        ...{ paths: [file], out, load: target, batch: 4, skipBad: false, saveEvery: 60 },
        settings: { turns: 'first', sampling, maxTokens: 12, dropCut: false },
      },
      {
        ...{ host, cancelled: () => false, tell: () => {} },
        ...{ onBegin: () => {}, onProgress: () => {} },
      },
    );
    expect(complete).toBe(true);
    const lines = readFileSync(out, 'utf8').trim().split('\n');
    const said = lines.map((line) => JSON.parse(line).messages.at(-1));
    const model = await inPlace({ model: folderOf(family) });
    const firsts = readsPictures(family) ? [0, 2] : [0]; // of words, and with a picture
    for (const [index, asked] of questions(family).entries()) {
      const plain = await answer(model, { ...asked, maxTokens: 12, drafter: 'none' });
      const found = said[firsts[index] as number];
      expect(found).toEqual({ role: 'assistant', content: plain.text });
    }
    await model.dispose();
  });
});
