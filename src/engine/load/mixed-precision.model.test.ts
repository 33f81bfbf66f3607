import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TINY_DRAFT, TINY_TARGET } from '../../checkpoint/testing/folders.ts';
import type { GenerateOptions, GenerateResult } from '../../contracts/generate.ts';
import type { PartPrecisions } from '../../contracts/load.ts';
import { repositoryPath } from '../../input/node/testing/read-goldens.ts';
import { load, type MsdModel } from '../../load.ts';

let cache: string;
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'msd-mixed-'));
  vi.stubEnv('XDG_CACHE_HOME', cache);
});
afterEach(() => {
  rmSync(cache, { recursive: true, force: true });
  vi.unstubAllEnvs();
});

const open = (precision: PartPrecisions) =>
  load({ model: TINY_TARGET, draft: TINY_DRAFT, precision, thread: false, threads: 2 });

const conversions = () =>
  readdirSync(join(cache, 'msd-ts', 'weights')).filter((name) => name.endsWith('.safetensors'));

async function answer(model: MsdModel, options: GenerateOptions): Promise<GenerateResult> {
  for await (const event of model.generate(options)) if (event.type === 'done') return event.result;
  throw new Error('the stream ended without a result');
}

const IMAGE = repositoryPath('fixtures/tiny/images/wide.png');
const QUESTIONS: readonly GenerateOptions[] = [
  { prompt: 'Tell a short story.' },
  { prompt: 'Count from 3 to 10.', temperature: 0.8, seed: 1 },
  { prompt: 'Describe the picture.', images: [IMAGE] },
];

describe('a precision for each part', () => {
  it.each([
    [{ decoder: 'w8a8' }, 'decoder w8a8, head fp32, tower fp32, draft fp32', 1],
    [{ head: 'w8a8', draft: 'w8a8' }, 'decoder fp32, head w8a8, tower fp32, draft w8a8', 2],
    [
      { decoder: 'w8a8', head: 'fp32', tower: 'w8a8' },
      'decoder w8a8, head fp32, tower w8a8, draft fp32',
      1,
    ],
    [
      { decoder: 'int4', head: 'w8a8', tower: 'w8a8', draft: 'int4' },
      'decoder int4, head w8a8, tower w8a8, draft int4',
      3,
    ],
    [{ decoder: 'int4', head: 'int4' }, 'decoder int4, head int4, tower fp32, draft fp32', 1],
  ] as const)('%o is what runs, and drafts losslessly', async (precision, said, files) => {
    await using model = await open(precision);
    expect(model.info.precision).toBe(`${said} (weights F32)`);
    expect(conversions()).toHaveLength(files);
    for (const question of QUESTIONS) {
      const asked = { ...question, maxTokens: 40 };
      const plain = await answer(model, { ...asked, drafter: 'none' });
      const tree = { total: 16, depth: 4, topK: 6 };
      const drafted = await answer(model, { ...asked, drafter: 'msd', tree });
      expect(drafted.ids, JSON.stringify(question)).toEqual(plain.ids);
      expect(drafted.run.precision).toBe(model.info.precision);
    }
  });

  it('is one word where all parts that there are have the same', async () => {
    const precision = { decoder: 'w8a8', head: 'w8a8', tower: 'w8a8' } as const;
    await using model = await load({ model: TINY_TARGET, precision, thread: false, threads: 1 });
    expect(model.info.precision).toBe('w8a8 (weights F32)');
  });
});
