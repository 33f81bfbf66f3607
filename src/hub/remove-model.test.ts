import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tempFolder } from '../checkpoint/testing/folders.ts';
import { ModelNotFoundError } from '../contracts/errors.ts';
import type { ModelName } from './model-name.ts';
import { planRemoval, remove } from './remove-model.ts';
import { cacheFolder, commitOf } from './testing/cache-folder.ts';

const [OLD, NEW] = [commitOf('a'), commitOf('b')];
const SHARED = { 'model.safetensors': 'x'.repeat(100), 'sub/vocab.json': 'shared' };
const model = 'owner/tiny';

/** A cache with two revisions that share weights, and another model. */
function start() {
  const { cache, put, write } = cacheFolder();
  put('models--owner--tiny', OLD, { ...SHARED, 'config.json': 'old' }, ['v1', 'refs/pr/1']);
  put('models--owner--tiny', NEW, { ...SHARED, 'config.json': 'newer' }, ['main']);
  put('models--owner--other', OLD, { 'config.json': 'other' }, ['main']);
  const folder = join(cache, 'models--owner--tiny');
  const removed = async (name: ModelName) => {
    const removal = await planRemoval(cache, name);
    await remove(removal);
    return removal;
  };
  return { cache, folder, write, removed };
}

it('of a revision takes its names and what no other revision has', async () => {
  const { folder, removed } = start();
  expect(await removed({ model, revision: 'v1' })).toMatchObject({ commits: [OLD], freedBytes: 3 });
  expect(readdirSync(join(folder, 'snapshots'))).toEqual([NEW]);
  expect(readdirSync(join(folder, 'blobs'))).toHaveLength(3);
  expect(existsSync(join(folder, 'refs/v1'))).toBe(false);
  expect(existsSync(join(folder, 'refs/refs/pr/1'))).toBe(false);
  const at = (path: string) => readFileSync(join(folder, 'snapshots', NEW, path), 'utf8');
  expect(['model.safetensors', 'sub/vocab.json', 'config.json'].map(at)).toEqual([
    ...Object.values(SHARED),
    'newer',
  ]);
});

it('of the last revision takes all', async () => {
  const { cache, folder, removed } = start();
  await removed({ model, revision: OLD });
  expect(await removed({ model, revision: 'main' })).toMatchObject({ freedBytes: 111 });
  expect(existsSync(folder)).toBe(false);
  expect(readdirSync(cache)).toEqual(['models--owner--other']);
});

it('without a revision takes all, what was never whole too', async () => {
  const { folder, write, removed } = start();
  write(join(folder, 'blobs/abc.incomplete'), 'x'.repeat(1000));
  expect((await removed({ model })).freedBytes).toBe(100 + 6 + 3 + 5 + 1000);
  expect(existsSync(folder)).toBe(false);
});

it('takes a model of which nothing was ever whole', async () => {
  const { cache, write, removed } = start();
  write(join(cache, 'models--owner--half/blobs/abc.incomplete'), 'x'.repeat(10));
  expect((await removed({ model: 'owner/half' })).freedBytes).toBe(10);
});

it('never touches what a link outside of the model points to', async () => {
  const { folder, write, removed } = start();
  const outside = join(tempFolder(), 'mine.safetensors');
  write(outside, 'mine');
  symlinkSync(outside, join(folder, 'snapshots', OLD, 'mine.safetensors'));
  await removed({ model, revision: OLD });
  await removed({ model });
  expect(readFileSync(outside, 'utf8')).toBe('mine');
});

it.each<ModelName>([{ model: 'owner/none' }, { model, revision: 'v9' }])(
  'refuses what is not there: %j',
  async (name) => {
    const { cache } = start();
    await expect(planRemoval(cache, name)).rejects.toThrow(ModelNotFoundError);
  },
);
