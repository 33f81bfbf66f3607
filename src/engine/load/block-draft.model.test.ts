/** A block draft as a user meets it: a folder that is loaded beside the tiny target. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { TINY_TARGET, tempFolder } from '../../checkpoint/testing/folders.ts';
import { writeRandomBlockDraft } from '../../checkpoint/testing/write-block-draft.ts';
import type { BlockDraftConfig } from '../../contracts/block-draft.ts';
import { DrafterUnavailableError } from '../../contracts/errors.ts';
import type { GenerateOptions, GenerateResult } from '../../contracts/generate.ts';
import type { LoadOptions } from '../../contracts/load.ts';
import { roundMs } from '../../decode/costs.ts';
import { TINY_BLOCK } from '../../draft/testing/random-block-draft.ts';
import { repositoryPath } from '../../input/node/testing/read-goldens.ts';
import { load, type MsdModel } from '../../load.ts';

const PICTURE = repositoryPath('fixtures/tiny/images/square.png');
const QUESTIONS: readonly GenerateOptions[] = [
  { prompt: 'Count from 3 to 10.' },
  { prompt: 'Tell a short story.' },
  { prompt: 'What is the capital of France?', temperature: 0.8, seed: 2 },
  { prompt: 'Repeat: red green blue.', temperature: 1, topP: 0.9, seed: 3 },
  { prompt: 'Describe the picture.', images: [PICTURE] },
  { prompt: 'How many shapes are there?', images: [PICTURE], temperature: 0.8, seed: 4 },
];
const TREE = { total: 40, depth: 3, topK: 16 };

async function open(config: BlockDraftConfig, options: Partial<LoadOptions> = {}) {
  const cache = mkdtempSync(join(tmpdir(), 'msd-block-'));
  vi.stubEnv('XDG_CACHE_HOME', cache);
  const draft = tempFolder();
  writeRandomBlockDraft(draft, config);
  const model = await load({ model: TINY_TARGET, draft, threads: 1, thread: false, ...options });
  onTestFinished(async () => {
    await model.dispose();
    vi.unstubAllEnvs();
    rmSync(cache, { recursive: true, force: true });
  });
  return model;
}

async function answer(model: MsdModel, options: GenerateOptions): Promise<GenerateResult> {
  for await (const event of model.generate({ maxTokens: 40, ...options })) {
    if (event.type === 'done') return event.result;
  }
  throw new Error('the stream ended without a result');
}

const plainly = (model: MsdModel) =>
  Promise.all(QUESTIONS.map((question) => answer(model, { ...question, drafter: 'none' })));

/** The tokens that the target uses most, so that random guesses hit now and then. */
async function usedTokens(): Promise<number[]> {
  const model = await open(TINY_BLOCK);
  const uses = new Map<number, number>();
  for (const { ids } of await plainly(model)) {
    for (const id of ids) uses.set(id, (uses.get(id) ?? 0) + 1);
  }
  const most = [...uses].sort((a, b) => b[1] - a[1]).slice(0, 16);
  return most.map(([id]) => id).sort((a, b) => a - b);
}

describe('a block draft of random weights', () => {
  it.each([
    ['fp32', 'decoupled'],
    ['fp32', 'fused'],
    ['w8a8', 'decoupled'],
  ] as const)('says in %s, pictures %s, what plain decoding says', async (precision, fusion) => {
    const config = { ...TINY_BLOCK, fusion, headTokenIds: await usedTokens() };
    const model = await open(config, { precision });
    const plain = await plainly(model);
    let [passes, tokens] = [0, 0];
    for (const [at, question] of QUESTIONS.entries()) {
      const drafted = await answer(model, { ...question, tree: TREE });
      expect(drafted.run.drafter).toBe('block');
      expect(drafted.ids, JSON.stringify(question)).toEqual(plain[at]?.ids);
      passes += drafted.passes;
      tokens += drafted.ids.length;
    }
    expect(tokens / passes, 'tokens a pass').toBeGreaterThan(1.2);
    const together = QUESTIONS.map((question) => answer(model, { ...question, tree: TREE }));
    const ids = (results: readonly GenerateResult[]) => results.map((result) => result.ids);
    expect(ids(await Promise.all(together)), 'all at once').toEqual(ids(plain));
  });

  it('goes on with a conversation as plain decoding does', async () => {
    const model = await open({ ...TINY_BLOCK, headTokenIds: await usedTokens() });
    const first = { role: 'user', content: 'Tell a short story.' } as const;
    const { text } = await answer(model, { messages: [first], drafter: 'none' });
    const messages = [
      first,
      { role: 'assistant', content: text },
      { role: 'user', content: 'Count from 3 to 10.' },
    ] as const;
    const plain = await answer(model, { messages: [...messages], drafter: 'none' });
    await answer(model, { messages: [first], tree: TREE });
    const drafted = await answer(model, { messages: [...messages], tree: TREE });
    expect(drafted.cachedTokens).toBeGreaterThan(0);
    expect(drafted.ids).toEqual(plain.ids);
  });

  it('costs one call a round, however deep its trees are', async () => {
    const { info } = await open(TINY_BLOCK);
    const { costs } = info;
    expect(costs.draftLevel).toBeGreaterThan(0);
    const ms = (depth: number) =>
      roundMs({ ...costs, draftLevel: costs.draftLevel ?? 0 }, { total: 8, depth, topK: 2 });
    expect(ms(5)).toBe(ms(0));
  });

  it('is run by the drafter of block drafts alone', async () => {
    const model = await open(TINY_BLOCK);
    const refused = answer(model, { prompt: 'a town', drafter: 'msd' });
    await expect(refused).rejects.toBeInstanceOf(DrafterUnavailableError);
    await expect(refused).rejects.toThrow('Use option drafter block');
  });
});
