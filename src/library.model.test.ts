/** What a program can do with the library beside `load` and `generate`. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { orTiny, TINY_PAIR, TINY_TARGET, tempFolder } from './checkpoint/testing/folders.ts';
import { startHub } from './hub/testing/hub-server.ts';
import * as msd from './index.ts';
import { repositoryPath } from './input/node/testing/read-goldens.ts';

const PICTURE = repositoryPath('fixtures/tiny/images/square.png');
const QUESTION = { prompt: 'What is in the picture?', images: [PICTURE], maxTokens: 40 };

const loaded = (options: msd.LoadOptions = {}) =>
  msd.load({ threads: 1, thread: false, ...orTiny(options) });

describe('complete', () => {
  it('gives what the stream ends with', async () => {
    await using model = await loaded();
    const { text, ids } = await model.complete(QUESTION);
    let streamed = '';
    for await (const event of model.generate(QUESTION)) {
      if (event.type === 'token') streamed += event.text;
    }
    expect(text).toBe(streamed);
    expect(ids.length).toBeGreaterThan(5);
  });

  it('rejects with what a stream throws, and ends where its signal says so', async () => {
    await using model = await loaded();
    await expect(model.complete({ prompt: ' ' })).rejects.toBeInstanceOf(msd.PromptError);
    const stopped = await model.complete({ ...QUESTION, signal: AbortSignal.abort() });
    expect(stopped.finishReason).toBe('cancelled');
  });
});

describe('logprobs', () => {
  it.each([
    ['greedy', {}],
    ['sampled', { temperature: 1, topP: 0.9, seed: 5 }],
  ])('of %s answers have the bits of plain decoding, drafted or not', async (_, law) => {
    await using model = await loaded();
    const asked = { ...QUESTION, ...law, logprobs: true, topLogprobs: 5 };
    const plain = await model.complete({ ...asked, drafter: 'none' });
    const tree = { total: 16, depth: 4, topK: 4 };
    const fast = await model.complete({ ...asked, tree });
    expect(fast.tokensPerPass).toBeGreaterThan(1);
    expect(fast.logprobs).toEqual(plain.logprobs);
    expect(fast.logprobs).toHaveLength(fast.ids.length);
    for (const { logprob, top } of fast.logprobs ?? []) {
      expect(logprob).toBeLessThanOrEqual(top[0]?.logprob ?? 0);
      expect(top.reduce((mass, one) => mass + Math.exp(one.logprob), 0)).toBeLessThan(1 + 1e-9);
    }
    expect(fast.text).toBe((await model.complete({ ...QUESTION, ...law })).text);
  });
});

describe('a prediction', () => {
  const STORY = { prompt: 'Tell a short story.', maxTokens: 60 };

  it('changes no word, right, half right or wrong, greedy and sampled, with the draft and without', async () => {
    await using model = await loaded();
    for (const law of [{}, { temperature: 1, seed: 3 }]) {
      const plain = await model.complete({ ...STORY, ...law, drafter: 'none' });
      const { text } = plain;
      const half = `${text.slice(text.length >> 1)} and ${text.slice(0, text.length >> 1)}`;
      for (const prediction of [text, half, 'Something else altogether.']) {
        for (const drafter of ['auto', 'suffix']) {
          const fast = await model.complete({ ...STORY, ...law, drafter, prediction });
          expect(fast.ids).toEqual(plain.ids);
        }
      }
    }
  });

  it('that comes true is written in a third of the passes', async () => {
    await using model = await loaded();
    const asked = { ...STORY, drafter: 'suffix', tree: 16 };
    const without = await model.complete(asked);
    const { passes, text } = await model.complete({ ...asked, prediction: without.text });
    expect(without.passes).toBeGreaterThan(8);
    expect(text).toBe(without.text);
    expect(passes).toBeLessThan(without.passes / 3);
  });
});

it('inspect tells what a model is, and keeps none', async () => {
  const { info, memory, trees, files } = await msd.inspect({
    ...TINY_PAIR,
    threads: 1,
    thread: false,
  });
  expect(info.family).toBe('llava');
  expect(memory.weights).toBe(info.weightBytes);
  expect(trees[0]?.tree).toBe('plain');
  expect(files.map(({ path }) => path)).toContain(join(info.model, 'model.safetensors'));
});

describe('pull', () => {
  /** A hub with the embedded target, and a process that knows it and an empty cache. */
  async function hub() {
    const hub = await startHub();
    const files = readdirSync(TINY_TARGET).map((name) => [
      name,
      readFileSync(join(TINY_TARGET, name)),
    ]);
    hub.publish('owner/tiny', Object.fromEntries(files));
    const cache = tempFolder();
    const env = { HF_HUB_CACHE: cache, HF_ENDPOINT: hub.url, HF_TOKEN: '', HF_HUB_OFFLINE: '' };
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    return cache;
  }

  it('fetches a model that load then finds by its name', async () => {
    const cache = await hub();
    const seen: number[] = [];
    const pulled = await msd.pull('owner/tiny', {
      onProgress: (done, total) => seen.push(done / total),
    });
    expect(pulled.folder.startsWith(cache)).toBe(true);
    expect(pulled.fetchedBytes).toBe(pulled.bytes);
    expect(seen.at(-1)).toBe(1);
    await using model = await loaded({ model: 'owner/tiny' });
    expect(model.info.model).toBe(pulled.folder);
    expect(await msd.pull('owner/tiny', { offline: true })).toMatchObject({ fetchedBytes: 0 });
  });

  it('refuses by name, and stops where its signal says so', async () => {
    await hub();
    await expect(msd.pull('no name')).rejects.toBeInstanceOf(msd.ConfigError);
    await expect(msd.pull('owner/other')).rejects.toBeInstanceOf(msd.MissingModelError);
    const refused = msd.pull('owner/tiny', { offline: true });
    await expect(refused).rejects.toBeInstanceOf(msd.ModelNotFoundError);
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(msd.pull('owner/tiny', { signal })).rejects.toThrow('enough');
  });
});

describe('bench', () => {
  const LOAD = { ...TINY_PAIR, threads: 1, thread: false };
  const prompts = [{ prompt: 'Count from 3 to 10.' }, { prompt: 'What?', images: [PICTURE] }];

  it('measures given prompts in pairs, and says how far it is', async () => {
    const seen: string[] = [];
    const report = await msd.bench({
      load: LOAD,
      ...{ prompts, pairs: 2, drafters: ['msd', 'prompt-lookup'], request: { maxTokens: 12 } },
      trees: [{ total: 8, depth: 3, topK: 3 }],
      onPair: (done, total) => seen.push(`${done}/${total}`),
    });
    expect(report).toMatchObject({ ended: 'complete', lossless: true, prompts: 2 });
    expect(report.variants.map(({ drafter }) => drafter)).toEqual(['msd', 'prompt-lookup']);
    expect(report.variants[0]?.pairs).toHaveLength(4);
    expect(seen.at(-1)).toBe('8/8');
    expect(msd.benchText(report)).toContain('prompt-lookup');
  });

  it.each<[string, msd.BenchOptions, RegExp]>([
    ['no pair', { prompts, pairs: 0 }, /pairs must be/],
    ['a drafter that nobody has', { prompts, drafters: ['mine'] }, /drafter must be/],
    ['no prompt', { prompts: [] }, /no prompt/],
    ['an empty prompt', { prompts: [{ prompt: ' ' }] }, /prompts\[0\].*empty/],
    ['a picture that is not there', { prompts: [{ prompt: 'a', images: ['b.png'] }] }, /b\.png/],
  ])('refuses %s before it loads', async (_, options, words) => {
    const refused = msd.bench({ load: { model: '/nowhere' }, ...options });
    await expect(refused).rejects.toThrow(words);
  });

  it('that is stopped at once rejects with the reason', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(msd.bench({ load: LOAD, prompts, signal })).rejects.toThrow('enough');
  });
});
