/** A head that is the table of words, in 8 bits, read whole by the target and in part by a draft of fewer words. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { LLAVA_GQA } from '../../checkpoint/testing/folders.ts';
import { writeEarlyDraft } from '../../checkpoint/testing/write-early-draft.ts';
import type { GenerateEvent, GenerateOptions } from '../../contracts/generate.ts';
import { load, type MsdModel } from '../../load.ts';
import { familyFixture, messagesOf } from '../testing/family-fixture.ts';

const WORDS = Array.from({ length: 672 }, (_, id) => id);
/** Two of three, so that each panel of 64 columns loses some. */
const SOME = WORDS.filter((id) => id % 3 !== 1);
const TREE = { total: 24, depth: 3, topK: 8 };
const QUESTIONS: GenerateOptions[] = familyFixture('llava-gqa').cases.flatMap((one, seed) => {
  const asked = { messages: messagesOf(one), maxTokens: 24, ignoreEos: true };
  return [asked, { ...asked, temperature: 1, seed }];
});

const folders: string[] = [];
const models: MsdModel[] = [];
beforeAll(() => vi.stubEnv('XDG_CACHE_HOME', tempFolder()));
afterAll(async () => {
  for (const model of models) await model.dispose();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  vi.unstubAllEnvs();
});

function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'msd-tied-'));
  folders.push(folder);
  return folder;
}

/** The tied target in 8 bits with a draft of these fields. */
async function open(fields: object): Promise<MsdModel> {
  const draft = tempFolder();
  await writeEarlyDraft(LLAVA_GQA, draft, fields);
  const runs = { precision: 'w8a8', thread: false, threads: 1 } as const;
  const model = await load({ model: LLAVA_GQA, draft, ...runs });
  models.push(model);
  return model;
}

async function answer(model: MsdModel, options: GenerateOptions) {
  const events: GenerateEvent[] = [];
  for await (const event of model.generate({ tree: TREE, ...options })) events.push(event);
  const last = events.at(-1);
  if (last?.type !== 'done') throw new Error('an answer ends with its result');
  const drafted = events.flatMap((one) => (one.type === 'token' && one.drafted ? [one.id] : []));
  return { ...last.result, drafted };
}

describe('a draft that may say some of the words', () => {
  let model: MsdModel;
  beforeAll(async () => {
    model = await open({ head_token_ids: SOME });
  });

  it.each(['msd', 'eagle'] as const)('leaves every text as it is, as %s', async (drafter) => {
    for (const question of QUESTIONS) {
      const plain = await answer(model, { ...question, drafter: 'none' });
      const { ids } = await answer(model, { ...question, drafter });
      expect(ids).toEqual(plain.ids);
    }
  });

  it('says those and no others', async () => {
    const said: number[] = [];
    for (const question of QUESTIONS) said.push(...(await answer(model, question)).drafted);
    expect(said).not.toEqual([]);
    expect(said.filter((id) => !SOME.includes(id))).toEqual([]);
  });
});

it('guesses by a list of all words as without one', async () => {
  const [listed, whole] = [await open({ head_token_ids: WORDS }), await open({})];
  for (const question of QUESTIONS) {
    const { acceptedPerPass } = await answer(listed, question);
    expect(acceptedPerPass).toEqual((await answer(whole, question)).acceptedPerPass);
  }
});
