import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { tempFolder } from '../checkpoint/testing/folders.ts';
import { ModelNotFoundError } from '../contracts/errors.ts';
import { resolveModel } from './resolve-model.ts';
import { cacheFolder, commitOf } from './testing/cache-folder.ts';

const FILES = { 'config.json': '{}' };

/** A cache with one model of two commits, and a working folder. */
function start() {
  const { cache, put, write } = cacheFolder();
  const commit = commitOf('a');
  const main = put('models--owner--tiny', commit, FILES, ['main']);
  const tagged = put('models--owner--tiny', commitOf('b'), FILES, ['v1', 'refs/pr/1']);
  const folder = tempFolder();
  const find = (nameOrPath: string) => resolveModel(nameOrPath, folder, { HF_HUB_CACHE: cache });
  return { cache, folder, commit, main, tagged, find, write };
}

it('finds a name in the cache, at a branch, a tag, a pull request and a commit', () => {
  const { find, commit, main, tagged } = start();
  expect(find('owner/tiny')).toBe(main);
  expect(find('owner/tiny@main')).toBe(main);
  expect(find(`owner/tiny@${commit}`)).toBe(main);
  expect(find('owner/tiny@v1')).toBe(tagged);
  expect(find('owner/tiny@refs/pr/1')).toBe(tagged);
});

it('takes a folder of that name first, from the given folder on', () => {
  const { find, folder } = start();
  mkdirSync(join(folder, 'owner/tiny'), { recursive: true });
  expect(find('owner/tiny')).toBe(join(folder, 'owner/tiny'));
  expect(find(tempFolder())).toMatch(/^\//);
});

it('says to fetch what may be a name', () => {
  const { find, cache } = start();
  const sentence = `there is no such file or folder, and no such model in ${cache}; check the path, or fetch the model.`;
  expect(() => find('owner/none')).toThrow(ModelNotFoundError);
  expect(() => find('owner/none')).toThrow(sentence);
  expect(() => find('owner/tiny@v2')).toThrow('Fetch owner/tiny@v2 from the hub');
});

it.each(['./none', '/none/at/all', 'a/b/c', '../none/x'])('says that %j is not there', (path) => {
  const { find, folder } = start();
  const absolute = resolve(folder, path);
  expect(() => find(path)).toThrow(
    new ModelNotFoundError(absolute, 'there is no such file or folder; check the path.'),
  );
});

it('does not follow a branch to a commit that is gone, or to no commit', () => {
  const { find, cache, write } = start();
  write(join(cache, 'models--owner--tiny/refs/gone'), commitOf('c'));
  write(join(cache, 'models--owner--tiny/refs/bad'), '../../../..');
  expect(() => find('owner/tiny@gone')).toThrow(ModelNotFoundError);
  expect(() => find('owner/tiny@bad')).toThrow(ModelNotFoundError);
});
