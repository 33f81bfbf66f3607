import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TreeChoice } from '../../contracts/drafter.ts';
import { ConfigError, PromptError } from '../../contracts/errors.ts';
import type { MsdModel } from '../../load.ts';
import type { ValidationRecord } from '../run/records.ts';
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
import { draftConfigSchema } from './draft-config.ts';
import { openDraftTraining } from './open-draft-training.ts';

/** Those that turn pictures by rows and columns. */
const BY_AXES = ['qwen2_vl', 'qwen2_5_vl'] as const;

async function trainDraft(
  family: FamilyName,
  draft: { method?: 'block'; [key: string]: unknown } = {},
) {
  const { method } = draft;
  const dir = runFolder();
  const file = writeDialogues(dir, family);
  const config = draftConfigSchema.parse({
    model: folderOf(family),
    data: { train: [file], validation: [file] },
    draft,
    curriculum: { kind: readsPictures(family) ? 'mixed' : 'text' },
    noise: { amplitude: 0 },
    optimiser: { rate: 3e-3, schedule: 'constant', warmup: 0 },
    validation: { every: 12, depths: 2, decode: method === 'block' ? 1 : 0, decodeAtEnd: 1 },
    ...{ steps: 12, batch: 2, checkpointEvery: 12, threads: 1 },
  });
  return run(await openDraftTraining(config, () => {}), join(dir, 'run'));
}

/** The trees that validation decodes with. */
const TREES = {
  msd: { total: 59, depth: 5, topK: 10 },
  block: 8,
};

/** Answers with the draft: plain decoding's, in as many passes as the training's last validation counted. */
async function expectServes(
  model: MsdModel,
  family: FamilyName,
  { text, visual }: ValidationRecord,
  tree: TreeChoice = TREES.msd,
): Promise<void> {
  const counted = [text?.tokensPerPass, visual?.tokensPerPass];
  for (const [index, asked] of questions(family).entries()) {
    const options = { ...asked, maxTokens: 64 };
    const plain = await answer(model, { ...options, drafter: 'none' });
    const drafted = await answer(model, { ...options, tree });
    expect(drafted.ids, 'speculative decoding').toEqual(plain.ids);
    expect((drafted.ids.length - 1) / drafted.passes, 'tokens per pass').toBe(counted[index]);
  }
}

/** The validation of the weights that a block draft's training publishes: most tokens per pass, then the least loss. */
const bestOf = (validations: readonly ValidationRecord[]): ValidationRecord => {
  const passes = ({ all }: ValidationRecord) => all.tokensPerPass ?? 0;
  const sorted = validations.toSorted((a, b) => passes(b) - passes(a) || a.all.loss - b.all.loss);
  return sorted[0] as ValidationRecord;
};

describe('a draft', () => {
  it.each(FAMILIES)('of a %s learns, and serves as it was validated', async (family) => {
    const trained = await trainDraft(family);
    expectFall(trained.validations);
    const model = await inPlace({ model: folderOf(family), draft: trained.model });
    await expectServes(model, family, trained.validations.at(-1) as ValidationRecord);
    await model.dispose();
  });

  it.each(FAMILIES)(
    'of a %s that guesses blocks learns, and serves as it was validated',
    async (family) => {
      const trained = await trainDraft(family, { method: 'block', layers: 1, slots: 4, rank: 4 });
      expectFall(trained.validations);
      const model = await inPlace({ model: folderOf(family), draft: trained.model });
      const best = bestOf(trained.validations);
      await expectServes(model, family, best, TREES.block);
      await model.dispose();
    },
  );

  it.each(BY_AXES)('of a %s can learn at its target’s positions', async (family) => {
    const trained = await trainDraft(family, { positions: 'mrope' });
    expectFall(trained.validations);
    const placed = { draft: trained.model, draftPositions: 'mrope' } as const;
    const model = await inPlace({ model: folderOf(family), ...placed });
    await expectServes(model, family, trained.validations.at(-1) as ValidationRecord);
    await model.dispose();
  });

  it('begins as one of the target’s family, which knows the positions that are asked for', async () => {
    const other = folderOf('qwen2_vl');
    await expect(trainDraft('qwen2', { from: `${other}/draft` })).rejects.toThrow(/family/);
    const refused = trainDraft('llava', { positions: 'mrope' });
    await expect(refused).rejects.toThrow(ConfigError);
    await expect(refused).rejects.toThrow(/draft\.positions/);
  });

  it('of a target that reads no pictures is not shown any', async () => {
    const dir = runFolder();
    const file = writeDialogues(dir, 'llava'); // the last two show one
    const config = draftConfigSchema.parse({ model: folderOf('llama'), data: { train: [file] } });
    const opening = openDraftTraining(config, () => {});
    await expect(opening).rejects.toThrow(PromptError);
    await expect(opening).rejects.toThrow(/record [23]: .* reads none/);
  });

  it('goes on from one of its family', async () => {
    const first = await trainDraft('qwen2_vl');
    const next = await trainDraft('qwen2_vl', { from: first.model });
    const [end, begin] = [first.validations.at(-1), next.validations[0]];
    expect(begin?.all.loss).toBeCloseTo(end?.all.loss as number, 5);
  });
});
