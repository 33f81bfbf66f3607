/** The package as others get it, imported by its names. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { TINY_PAIR } from './checkpoint/testing/folders.ts';
import { compile, type Project, packedProject, ROOT, saidBy } from './testing/packed.ts';

/** Compiling and packing are slow where other tests run. */
const MINUTES = 180_000;
let project: Project;

beforeAll(() => {
  project = packedProject();
}, MINUTES);
afterAll(() => project.remove(), MINUTES);

/** What a program of a user says, as JSON. */
function said(program: string): unknown {
  compile(project.write('program.ts', program), '--module', 'nodenext');
  return saidBy(join(project.folder, 'program.js'));
}

describe('the package', { timeout: MINUTES }, () => {
  it('has nothing that publint would change', async () => {
    expect((await publint({ pkgDir: ROOT, pack: false, strict: true })).messages).toEqual([]);
  });

  it('has in it what its pages lead to', () => {
    const root = join(project.folder, 'node_modules/msd-ts');
    const pages = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) =>
      /^(README|CHANGELOG|docs[\\/].*)\.md$/.test(path),
    );
    expect(pages.length).toBeGreaterThan(20);
    const dead = pages.flatMap((page) => {
      const text = readFileSync(join(root, page), 'utf8').replace(/```.*?```/gs, '');
      const links = [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, link = '']) => link);
      const own = links.filter((link) => !/^[a-z]+:/.test(link));
      return own
        .filter((link) => !existsSync(join(root, dirname(page), link)))
        .map((link) => `${page}: ${link}`);
    });
    expect(dead).toEqual([]);
  });

  it('has an index of its results that names each', () => {
    const results = join(project.folder, 'node_modules/msd-ts/docs/results');
    const index = readFileSync(join(results, 'README.md'), 'utf8');
    const unnamed = readdirSync(results).filter(
      (name) => /\.(md|json)$/.test(name) && name !== 'README.md' && !index.includes(`(${name})`),
    );
    expect(unnamed).toEqual([]);
  });

  it('has the sources of its own that its source maps name', () => {
    const root = join(project.folder, 'node_modules/msd-ts');
    const maps = readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.js.map'))
      .map((path) => join(root, 'dist', path));
    expect(maps.length).toBeGreaterThan(300);
    const without = maps.flatMap((map) => {
      const { sources } = JSON.parse(readFileSync(map, 'utf8')) as { sources: string[] };
      return sources
        .filter((source) => !source.includes('node_modules/')) // those lie where a user's packages are
        .map((source) => join(dirname(map), source))
        .filter((path) => !existsSync(path));
    });
    expect(without).toEqual([]);
  });

  it('has the licence of every package that is put into its program', () => {
    const dist = join(project.folder, 'node_modules/msd-ts/dist');
    const sources = readdirSync(dist, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.js.map'))
      .flatMap((path): string[] => JSON.parse(readFileSync(join(dist, path), 'utf8')).sources);
    const within = new Set(
      sources.flatMap((source) => /(?<=node_modules\/)(@[^/]+\/)?[^/]+/.exec(source)?.[0] ?? []),
    );
    expect([...within], 'what every answer loads').toContain('zod');
    const notices = readFileSync(join(dist, 'program/NOTICES.txt'), 'utf8');
    for (const name of within) expect(notices).toMatch(new RegExp(`^${name} \\d`, 'm'));
    expect(notices).toContain('Permission is hereby granted, free of charge');
    expect(notices, 'of one that has no file of its licence').toContain('Copyright 2008 Google');
  });

  it('answers by the lines of its README alone', () => {
    const readme = readFileSync(join(project.folder, 'node_modules/msd-ts/README.md'), 'utf8');
    const [, lines = ''] = readme.match(/```ts\n(import \{ load \}.*?)```/s) ?? [];
    const file = project.write('readme.mjs', lines);
    const said = execFileSync(process.execPath, [file], { cwd: project.folder, encoding: 'utf8' });
    expect(said).toMatch(/\w.*\n [\d.]+ tokens per pass/s);
  });

  it('lets an engine be put together, served at a port and asked there', () => {
    const program = `
      import { MessageChannel } from 'node:worker_threads';
      import { connectEngine, createEngine, ContextLengthError, eventStream, servePort } from 'msd-ts/engine';
      import type { CallerPort, Engine, EnginePort, GenerateOptions, Host, LoadSettings } from 'msd-ts/engine';
      import { createNodeHost, readPicture } from 'msd-ts/node';
      import { OptionError } from 'msd-ts';
      import * as parts from 'msd-ts/engine';

      const settings: LoadSettings = { ...${JSON.stringify(TINY_PAIR)}, device: 'cpu', threads: 1 };
      const { port1, port2 } = new MessageChannel();
      const there: CallerPort = {
        send: (message) => port2.postMessage(message),
        listen: (handle) => port2.on('message', handle),
      };
      servePort(there, async (settings, tell): Promise<Engine> => {
        const host: Host = await createNodeHost(settings, tell);
        return createEngine(host, settings);
      });
      const here: EnginePort = {
        sharesMemory: false,
        send: (message) => port1.postMessage(message),
        listen: (handle) => port1.on('message', handle),
        hold: () => {},
        close: async () => port1.close(),
      };
      const engine = await connectEngine(here, settings);
      const ask = async (options: GenerateOptions) => {
        for await (const event of eventStream(engine, options, readPicture)) {
          if (event.type === 'done') return event.result.ids.length;
        }
        return 0;
      };
      const answered = await ask({ prompt: 'Count from 3 to 10.', maxTokens: 12, ignoreEos: true });
      const refused = await ask({ prompt: 'a '.repeat(3000) }).catch((error: unknown) => error);
      await engine.dispose();
      const isOneLibrary = parts.OptionError === OptionError;
      const code = refused instanceof ContextLengthError && refused.code;
      console.log(JSON.stringify([answered, code, isOneLibrary]));
    `;
    expect(said(program)).toEqual([12, 'context_length_exceeded', true]);
  });

  it('takes the drafter of its guide, whose guesses change no word', () => {
    const guide = readFileSync(join(ROOT, 'docs/drafters.md'), 'utf8');
    const [, drafter] = guide.match(/```ts\n(.*?)```/s) ?? [];
    const program = `
      import { bench, load } from 'msd-ts';
      ${drafter}
      let features = 0;
      const createReading: CreateDrafter = async (context) => {
        const { name, ...bigram } = await createBigramDrafter(context);
        return {
          ...bigram,
          name: 'reading',
          async run(jobs) {
            for (const { rows } of jobs) {
              for (const { from, at } of rows) {
                const { width } = await context.target.read(from, at);
                if (width === context.target.hiddenSize) features += at.length;
              }
            }
            return bigram.run(jobs);
          },
        };
      };
      const drafters = { bigram: createBigramDrafter, reading: createReading };
      const model = await load({ drafters, thread: false, threads: 1 });
      const ask = async (drafter: string) => {
        const request = { prompt: 'Count from 3 to 10.', maxTokens: 80, ignoreEos: true };
        const tree = { total: 8, depth: 5, topK: 1 };
        for await (const event of model.generate({ ...request, drafter, tree })) {
          if (event.type === 'done') return event.result;
        }
        throw new Error('an answer ends with its result');
      };
      const [none, bigram, reading] = [await ask('none'), await ask('bigram'), await ask('reading')];
      const unknown = await ask('medusa').catch((error) => error.message);
      await model.dispose();
      const prompts = [{ prompt: 'Count from 3 to 10.' }];
      const loaded = { drafters, thread: false, threads: 1 };
      const report = await bench({ load: loaded, drafters: ['bigram'], prompts, pairs: 1, request: { maxTokens: 16 } });
      console.log(JSON.stringify({
        benched: [report.variants[0]?.drafter, report.lossless],
        drafter: bigram.run.drafter,
        equal: [bigram.text === none.text, reading.text === none.text],
        passes: [none.passes, bigram.passes, reading.passes],
        rows: reading.promptTokens + reading.ids.length,
        features,
        unknown,
      }));
    `;
    const told = z
      .object({
        benched: z.tuple([z.literal('bigram'), z.literal(true)]),
        drafter: z.literal('bigram'),
        equal: z.tuple([z.literal(true), z.literal(true)]),
        passes: z.tuple([z.number(), z.number(), z.number()]),
        rows: z.number(),
        features: z.number(),
        unknown: z.string(),
      })
      .parse(said(program));
    const [none, bigram, reading] = told.passes;
    expect(bigram).toBeLessThan(none);
    expect(reading).toBe(bigram);
    expect(told.features).toBeGreaterThan(told.rows / 2);
    expect(told.unknown).toMatch(/must be auto, .*bigram, reading/);
  });
});
