import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import * as z from 'zod';
import { tempFolder } from '../../checkpoint/testing/folders.ts';
import { ConfigError, ModelNotFoundError } from '../../contracts/errors.ts';
import { readRunConfig } from './read-run-config.ts';

const RUNS = Number(process.env.MSD_FUZZ ?? 300);

const schema = z.strictObject({
  data: z.strictObject({
    train: z.array(z.string()).default([]),
    held: z.string().optional(),
    parts: z.array(z.strictObject({ share: z.number() })).default([]),
  }),
  optimiser: z
    .strictObject({ learningRate: z.number().positive('must be above 0.').default(1e-3) })
    .prefault({}),
  warmup: z.union([z.literal('auto'), z.int()]).default('auto'),
  seed: z.int().default(0),
  note: z.unknown().optional(),
});
const paths = ['data.train', 'data.held'];

const read = (overrides: readonly string[] = [], file?: string) =>
  readRunConfig(schema, { overrides, paths, ...(file === undefined ? {} : { file }) });

function fileOf(text: string): string {
  const path = join(tempFolder(), 'draft.json');
  writeFileSync(path, text);
  return path;
}

const refusalOf = async (reading: Promise<unknown>): Promise<ConfigError> => {
  const error = await reading.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(ConfigError);
  return error as ConfigError;
};

describe('a run’s config', () => {
  it('takes a default where nothing is given, the file over it, and an override over both', async () => {
    const file = fileOf('{"data": {}, "seed": 3, "optimiser": {"learningRate": 0.5}}');
    const config = await read(['seed=4', 'optimiser.learningRate=1e-4', 'seed=5'], file);
    expect(config).toMatchObject({ seed: 5, optimiser: { learningRate: 1e-4 }, warmup: 'auto' });
  });

  it('counts the paths of a file from its folder, and those of an override from here', async () => {
    const dir = tempFolder();
    mkdirSync(join(dir, 'configs'));
    const file = join(dir, 'configs/draft.json');
    writeFileSync(file, '{"data": {"train": ["a.json", "/b.json"], "held": "../held.json"}}');
    expect((await read([], file)).data).toMatchObject({
      train: [join(dir, 'configs/a.json'), '/b.json'],
      held: join(dir, 'held.json'),
    });
    const { data } = await read(['data.train=["c.json"]'], file);
    expect(data).toMatchObject({ train: [resolve('c.json')], held: join(dir, 'held.json') });
    expect((await read(['data={"held":"d.json"}'])).data.held).toBe(resolve('d.json'));
  });

  it.each<[readonly string[], readonly string[]]>([
    [['data.train=a.json'], ['a.json']],
    [['data.train=a.json,b.json'], ['a.json', 'b.json']],
    [
      ['data.train=a.json', 'seed=1', 'data.train=b.json,c.json'],
      ['a.json', 'b.json', 'c.json'],
    ],
    [['data.train=["a,b.json"]'], ['a,b.json']],
    [
      ['data.train="a,b.json"', 'data.train=1'],
      ['a,b.json', '1'],
    ],
    [['data.train=a.json', 'data.train=["b.json"]', 'data.train=c.json'], ['c.json']],
  ])('reads the list of %j', async (overrides, files) => {
    expect((await read(overrides)).data.train).toEqual(files.map((file) => resolve(file)));
    const file = fileOf('{"data": {"train": ["of the file"]}}');
    expect((await read(overrides, file)).data.train).toEqual(files.map((file) => resolve(file)));
  });

  it('reads a list of numbers likewise', async () => {
    const betas = z.strictObject({ betas: z.tuple([z.number(), z.number()]).default([0, 0]) });
    const from = (text: string) => readRunConfig(betas, { overrides: [text], paths: [] });
    expect(await from('betas=0.9,0.95')).toEqual({ betas: [0.9, 0.95] });
    expect(await from('betas=[0.9,0.95]')).toEqual({ betas: [0.9, 0.95] });
    await expect(from('betas=0.9,x')).rejects.toThrow('betas.1: expected number, received string');
  });

  it('makes a model’s path absolute likewise, and finds its name in the cache', async () => {
    const models = { models: ['model'] };
    const schema = z.strictObject({ model: z.string() });
    const from = (overrides: readonly string[], file: string) =>
      readRunConfig(schema, { file, overrides, paths: [], ...models });
    const dir = tempFolder();
    mkdirSync(join(dir, 'target'));
    const snapshot = join(dir, 'hub/models--owner--tiny/snapshots', 'a'.repeat(40));
    mkdirSync(snapshot, { recursive: true });
    vi.stubEnv('HF_HUB_CACHE', join(dir, 'hub'));
    onTestFinished(() => void vi.unstubAllEnvs());
    const commit = 'a'.repeat(40);
    const file = (model: string) => {
      const path = join(dir, 'train.json');
      writeFileSync(path, JSON.stringify({ model }));
      return path;
    };
    expect(await from([], file('target'))).toEqual({ model: join(dir, 'target') });
    expect(await from([], file(`owner/tiny@${commit}`))).toEqual({ model: snapshot });
    await expect(from([], file('owner/none'))).rejects.toThrow(ModelNotFoundError);
    const override = `model=owner/tiny@${commit}`;
    expect(await from([override], file('not/there'))).toEqual({ model: snapshot });
    await expect(from(['model=target'], file('target'))).rejects.toThrow(ModelNotFoundError);
  });

  it('gives back any JSON value that an override carries', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), async (text) => {
        const { note } = await read(['data={}', `note=${text}`]);
        expect(note).toEqual(JSON.parse(text));
      }),
      { numRuns: RUNS },
    );
  });

  it('gives back any other text as it is', async () => {
    const plain = fc.string().filter((text) => {
      try {
        JSON.parse(text);
        return false;
      } catch {
        return true;
      }
    });
    await fc.assert(
      fc.asyncProperty(plain, async (text) => {
        expect((await read(['data={}', `note=${text}`])).note).toBe(text);
      }),
      { numRuns: RUNS },
    );
  });

  it('ends in a config or a ConfigError, whatever the overrides', async () => {
    const key = fc.stringMatching(/^(data|seed|note|optimiser|__proto__|constructor|[a-z.]{0,5})$/);
    const override = fc.oneof(
      fc.string(),
      fc.tuple(key, key, fc.json()).map(([a, b, value]) => `${a}.${b}=${value}`),
      fc.tuple(key, fc.json()).map(([a, value]) => `${a}=${value}`),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(override, { maxLength: 4 }), async (overrides) => {
        const result = await read(overrides).catch((error: unknown) => error);
        const known = Object.keys(schema.shape);
        if (!(result instanceof ConfigError))
          expect(known).toEqual(expect.arrayContaining(Object.keys(Object(result))));
        expect(Object.prototype).not.toHaveProperty('a');
      }),
      { numRuns: RUNS },
    );
  });
});

describe('a run’s config is refused', () => {
  it.each([
    ['optimiser.learningrate=1', 'optimiser.learningRate'],
    ['optimizer.learningRate=1', 'optimiser'],
    ['learningRate=1', 'optimiser.learningRate'],
    ['data.parts=[{"share":1},{"shares":1}]', 'data.parts.*.share'],
    ['sed=1', 'seed'],
  ])('with what was meant instead of %s', async (override, meant) => {
    const { message } = await refusalOf(read(['data.held=x', override]));
    expect(message).toContain(`did you mean ${meant}?`);
    expect(message).toContain(override);
  });

  it('with the keys that there are, where none is near', async () => {
    const error = await refusalOf(read(['data.zzzzzzzz=1']));
    expect(error).toMatchObject({
      where: 'data.zzzzzzzz',
      message:
        'data.zzzzzzzz: there is no such key (given as data.zzzzzzzz=1); there are data.train, data.held, data.parts.',
    });
  });

  it.each([
    [
      'a value of the wrong type',
      'seed=x',
      'seed: expected number, received string (given as seed=x).',
    ],
    [
      'a value out of range',
      'optimiser.learningRate=-1',
      'optimiser.learningRate: must be above 0 (given as optimiser.learningRate=-1).',
    ],
    [
      'a value that no branch takes',
      'warmup=soon',
      'warmup: expected "auto", or expected number, received string (given as warmup=soon).',
    ],
    ['a missing group', 'seed=1', 'data: this key is missing; expected object.'],
    ['a group inside a value', 'seed.x.y=1', 'seed: expected number, received object'],
    ['no key', '=1', '=1: this is no override'],
    ['no equals sign', 'seed', 'seed: this is no override'],
    ['an empty part of a key', 'data..held=1', 'data..held=1: this is no override'],
    [
      'a key twice in a value',
      'data={"held":"a","held":"b"}',
      'data: its value has the key "held" twice',
    ],
    ['a key of every object', '__proto__.x=1', '__proto__: there is no such key'],
  ])('for %s', async (_, override, message) => {
    const given = override === 'seed=1' || override.startsWith('data=') ? [] : ['data={}'];
    expect((await refusalOf(read([...given, override]))).message).toContain(message);
  });

  it('for a key below a value of the file', async () => {
    const error = await refusalOf(read(['seed.x=1'], fileOf('{"data": {}, "seed": 1}')));
    expect(error.message).toBe('seed.x: seed is no group; give it a value of its own.');
  });

  it.each([
    ['no JSON', '{"seed": 1,}', 'this is no JSON'],
    ['a list', '[]', 'a config is one object of keys'],
    ['a key twice', '{"seed": 1, "seed": 2}', 'the config has the key "seed" twice'],
    ['an unknown key', '{"data": {}, "sed": 1}', 'did you mean seed?'],
  ])('where its file holds %s, with the file’s name', async (_, text, message) => {
    const file = fileOf(text);
    const error = await refusalOf(read([], file));
    expect(error.message).toContain(message);
    expect(error.message).toContain(file);
  });

  it('where its file is not there', async () => {
    const file = join(tempFolder(), 'none.json');
    expect((await refusalOf(read([], file))).message).toBe(
      `${file}: there is no such config file; check the path.`,
    );
  });
});
