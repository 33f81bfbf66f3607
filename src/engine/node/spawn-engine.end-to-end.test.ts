import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { TINY_PAIR } from '../../checkpoint/testing/folders.ts';

const at = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

const PROLOGUE = `
  import * as msd from ${JSON.stringify(new URL('../../../dist/index.js', import.meta.url).href)};
  import { readFileSync } from 'node:fs';
  import { setTimeout as sleep } from 'node:timers/promises';
  const picture = ${JSON.stringify(at('fixtures/tiny/images/square.png'))};
  const tiny = ${JSON.stringify(TINY_PAIR)};
  const workers = [];
  process.on('worker', (worker) => workers.push(worker));
  const long = { prompt: 'What is in the picture?', images: [picture], maxTokens: 400, ignoreEos: true };
  const resultOf = async (model, options) => {
    for await (const event of model.generate(options)) if (event.type === 'done') return event.result;
  };
  const say = (value) => console.log(JSON.stringify(value));
`;

/** The README's example. */
const EXAMPLE = `
  import { load } from 'msd-ts';

  const model = await load();
  const request = { prompt: 'What is in the picture?', images: ['fixtures/tiny/images/square.png'] };
  for await (const event of model.generate(request)) {
    if (event.type === 'token') process.stdout.write(event.text);
    if (event.type === 'done') console.error(event.result.tokensPerPass);
  }
  await model.dispose();
`;

/** Runs a program against the built library in a process of its own, as a user does; gives what it says. */
async function run(program: string) {
  const given = ['--input-type=module', '-e', PROLOGUE + program];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, given, {
    timeout: 30_000,
  });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

it('answers in ten lines, imported by the package’s name', async () => {
  const given = ['--input-type=module', '-e', EXAMPLE];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, given, { cwd: at('') });
  expect(stdout.length).toBeGreaterThan(10);
  expect(Number(stderr)).toBeGreaterThan(0);
});

describe('a model in a thread of its own', () => {
  it('writes what it writes in the caller’s thread', async () => {
    const texts = await run(`
      const texts = [];
      for (const thread of [true, false]) {
        const model = await msd.load({ ...tiny, threads: 1, thread });
        texts.push((await resultOf(model, { ...long, maxTokens: 60 })).text);
        await model.dispose();
      }
      say(texts);
    `);
    expect(texts[0].length).toBeGreaterThan(20);
    expect(texts[0]).toBe(texts[1]);
  });

  it('leaves timers of the main thread on time while it generates', async () => {
    // Other programs make timers late too: a quiet one of a few attempts tells what the model itself does.
    const latest = await run(`
      const model = await msd.load({ ...tiny, threads: 1 });
      const measure = async () => {
        let last = performance.now();
        let latest = 0;
        const timer = setInterval(() => {
          const now = performance.now();
          latest = Math.max(latest, now - last - 10);
          last = now;
        }, 10);
        const paper = { total: 59, depth: 5, topK: 10 };
        await Promise.all([resultOf(model, long), resultOf(model, { ...long, tree: paper })]);
        clearInterval(timer);
        return Math.max(latest, performance.now() - last - 10);
      };
      let latest = Infinity;
      for (let attempt = 0; attempt < 6 && latest >= 50; attempt++) latest = Math.min(latest, await measure());
      say(latest);
      await model.dispose();
    `);
    expect(latest).toBeLessThan(50);
  });

  it('lets an idle process end by itself', async () => {
    const done = await run(`
      const model = await msd.load({ ...tiny, threads: 1 });
      await resultOf(model, { prompt: 'Hi', maxTokens: 3 });
      say('idle');
    `);
    expect(done).toBe('idle');
  });

  it('keeps the process alive until it is disposed, also when it was idle', async () => {
    const done = await run(`
      const model = await msd.load({ ...tiny, threads: 1 });
      await model.dispose();
      const refused = await resultOf(model, { prompt: 'Hi' }).catch((error) => error);
      say(refused instanceof msd.DisposedError);
    `);
    expect(done).toBe(true);
  });

  it('refuses in the classes of the library', async () => {
    const refused = await run(`
      const fails = (promise) => promise.then(() => 'no error', (error) => error);
      const model = await msd.load({ ...tiny, threads: 1 });
      const errors = [
        await fails(msd.load({ model: '/nowhere' })),
        await fails(resultOf(model, { prompt: 'Hi', images: ['/nowhere.png'] })),
        await fails(resultOf(model, { prompt: 'a '.repeat(2000) })),
        await fails(resultOf(model, { prompt: 'Hi', onToken: () => {} })),
      ];
      const classes = [msd.CheckpointError, msd.ImageError, msd.ContextLengthError, msd.OptionError];
      say({
        right: errors.map((error, i) => error instanceof classes[i]),
        path: errors[0].path,
        source: errors[1].source,
        contextLength: errors[2].contextLength,
        option: errors[3].option,
      });
      await model.dispose();
    `);
    expect(refused).toEqual({
      right: [true, true, true, true],
      path: expect.stringMatching(/^\/nowhere/),
      source: '/nowhere.png',
      contextLength: 1024,
      option: 'onToken',
    });
  });

  it('takes pictures as bytes', async () => {
    const texts = await run(`
      const model = await msd.load({ ...tiny, threads: 1 });
      const bytes = readFileSync(picture);
      const texts = [];
      for (const image of [picture, bytes, new Uint8Array(bytes)])
        texts.push((await resultOf(model, { ...long, images: [image], maxTokens: 20 })).text);
      say([texts, bytes.length]);
      await model.dispose();
    `);
    expect(new Set(texts[0]).size).toBe(1);
    expect(texts[1]).toBeGreaterThan(0); // the caller's bytes are still the caller's
  });

  it('stops promptly when its signal says so, and goes on with the next', async () => {
    const stopped = await run(`
      const model = await msd.load({ ...tiny, threads: 1 });
      await resultOf(model, { ...long, maxTokens: 20 });
      const cancel = new AbortController();
      let at;
      const work = resultOf(model, { ...long, signal: cancel.signal });
      await sleep(60);
      const start = performance.now();
      cancel.abort();
      const result = await work;
      const next = await resultOf(model, { ...long, maxTokens: 20 });
      say({ ms: performance.now() - start, reason: result.finishReason, ids: result.ids.length, next: next.ids.length });
      await model.dispose();
    `);
    expect(stopped).toMatchObject({ reason: 'cancelled', next: 20 });
    expect(stopped.ids).toBeGreaterThan(0);
    expect(stopped.ids).toBeLessThan(400);
  });

  it('ends running answers as cancelled when it is disposed', async () => {
    const ended = await run(`
      const model = await msd.load({ ...tiny, threads: 1 });
      const work = Promise.all([resultOf(model, long), resultOf(model, long)]);
      await sleep(60);
      await model.dispose();
      say((await work).map(({ finishReason }) => finishReason));
    `);
    expect(ended).toEqual(['cancelled', 'cancelled']);
  });

  it('fails running and later answers with a named error when it dies', async () => {
    const died = await run(`
      const model = await msd.load({ ...tiny, threads: 1 });
      const work = resultOf(model, long).catch((error) => error);
      await sleep(60);
      workers[0].postMessage(null); // no message that it knows: an uncaught error
      const errors = [await work, await resultOf(model, { prompt: 'Hi' }).catch((error) => error)];
      await model.dispose();
      say(errors.map((error) => [error instanceof msd.EngineLostError, error.name, msd.MsdError.is(error)]));
    `);
    expect(died).toEqual([
      [true, 'EngineLostError', true],
      [true, 'EngineLostError', true],
    ]);
  });

  it('lets a process exit in the middle of a pass', async () => {
    const exits = [];
    for (const ms of [11, 23, 37, 52]) {
      exits.push(
        await run(`
          const model = await msd.load({ ...tiny, threads: 1 });
          setTimeout(() => process.exit(0), ${ms});
          say('exits');
          await resultOf(model, long);
        `),
      );
    }
    expect(exits).toEqual(new Array(4).fill('exits'));
  });

  it('lets a process exit while it loads', async () => {
    const exits = await run(`
      msd.load({ ...tiny, threads: 1 });
      setTimeout(() => process.exit(0), 150);
      say('exits');
    `);
    expect(exits).toBe('exits');
  });

  it('works beside a second one', async () => {
    const texts = await run(`
      const models = await Promise.all([msd.load({ ...tiny, threads: 1 }), msd.load({ ...tiny, threads: 1 })]);
      const options = { ...long, maxTokens: 60 };
      const results = await Promise.all(models.map((model) => resultOf(model, options)));
      await models[0].dispose();
      results.push(await resultOf(models[1], options));
      say(results.map(({ text }) => text));
      await models[1].dispose();
    `);
    expect(new Set(texts).size).toBe(1);
  });
});
