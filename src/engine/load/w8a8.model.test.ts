import { mkdtempSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { TINY_DRAFT, TINY_TARGET } from '../../checkpoint/testing/folders.ts';
import type { GenerateOptions, GenerateResult } from '../../contracts/generate.ts';
import type { LoadProgress } from '../../contracts/load.ts';
import { planUnconverted, removeConversions } from '../../formats/remove-conversions.ts';
import { scanConversions } from '../../formats/scan-conversions.ts';
import { repositoryPath } from '../../input/node/testing/read-goldens.ts';
import { load, type MsdModel } from '../../load.ts';

const CACHE = mkdtempSync(join(tmpdir(), 'msd-w8a8-'));
const WEIGHTS = join(CACHE, 'msd-ts', 'weights');
const told: LoadProgress[] = [];
const open = (onProgress: (progress: LoadProgress) => void) =>
  load({
    ...{ model: TINY_TARGET, draft: TINY_DRAFT, precision: 'w8a8', thread: false, threads: 1 },
    onProgress,
  });

let model: MsdModel;
beforeAll(async () => {
  vi.stubEnv('XDG_CACHE_HOME', CACHE);
  model = await open((progress) => told.push(progress));
});
afterAll(async () => {
  await model.dispose();
  rmSync(CACHE, { recursive: true, force: true });
  vi.unstubAllEnvs();
});

async function answer(options: GenerateOptions): Promise<GenerateResult> {
  for await (const event of model.generate(options)) if (event.type === 'done') return event.result;
  throw new Error('the stream ended without a result');
}

const WORDS = [
  'Count from 3 to 10.',
  'Tell a short story.',
  'What is the capital of France?',
  'List the colours of the rainbow.',
  'Repeat: red green blue.',
];
const PICTURES = ['square', 'wide', 'tall', 'grey', 'alpha'].map((name) =>
  repositoryPath(`fixtures/tiny/images/${name}.png`),
);
const QUESTIONS: readonly GenerateOptions[] = [
  ...WORDS.map((prompt) => ({ prompt })),
  ...WORDS.map((prompt, seed) => ({ prompt, temperature: 0.8, seed })),
  ...PICTURES.map((image) => ({ prompt: 'Describe the picture.', images: [image] })),
  ...PICTURES.map((image) => ({ prompt: 'How many shapes are there?', images: [image], seed: 3 })),
];

describe('the tiny pair in 8 bits', () => {
  it('says what it runs', () => {
    expect(model.info.precision).toBe('w8a8 (weights F32)');
  });

  it('tells how far its conversions are, and makes each file once', async () => {
    const files = readdirSync(WEIGHTS).filter((name) => name.endsWith('.safetensors'));
    const ends = told.filter(({ doneBytes, totalBytes }) => doneBytes === totalBytes);
    expect(ends.map(({ file }) => file.split('/').at(-1)).sort()).toEqual(files.sort());
    for (const { file, totalBytes } of ends) expect(statSync(file).size).toBe(totalBytes);
    const again = await open(() => expect.unreachable('it was converted again'));
    await again.dispose();
  });

  it.each(['msd', 'eagle', 'prompt-lookup'] as const)(
    'says with the drafter %s what it says without',
    async (drafter) => {
      let [passes, tokens] = [0, 0];
      for (const question of QUESTIONS) {
        const asked = { ...question, maxTokens: 40 };
        const plain = await answer({ ...asked, drafter: 'none' });
        const drafted = await answer({ ...asked, drafter, tree: { total: 16, depth: 4, topK: 6 } });
        expect(drafted.ids, JSON.stringify(question)).toEqual(plain.ids);
        passes += drafted.passes;
        tokens += drafted.ids.length;
      }
      if (drafter === 'msd') expect(tokens / passes, 'tokens a pass').toBeGreaterThan(2);
    },
  );

  it('says beside each file what it is of', async () => {
    const found = await scanConversions(WEIGHTS);
    const folders = found.flatMap(({ sources }) => sources.map(({ folder }) => folder));
    expect(folders.sort()).toEqual(
      [TINY_DRAFT, TINY_TARGET].map((dir) => realpathSync(dir)).sort(),
    );
    expect(found.map(({ state }) => state)).toEqual(['there', 'there']);
  });

  it('answers on after its files were removed', async () => {
    const question = { prompt: 'Tell a short story.', drafter: 'msd', maxTokens: 40 } as const;
    const before = await answer(question);
    await removeConversions(planUnconverted(await scanConversions(WEIGHTS), () => true));
    expect(readdirSync(WEIGHTS)).toEqual([]);
    expect((await answer(question)).ids).toEqual(before.ids);
  });
});
