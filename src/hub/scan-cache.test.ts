import { symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tempFolder } from '../checkpoint/testing/folders.ts';
import { scanCache } from './scan-cache.ts';
import { cacheFolder, commitOf } from './testing/cache-folder.ts';
import { blobName } from './testing/hub-server.ts';

it('finds nothing where there is no cache', async () => {
  expect(await scanCache(join(tempFolder(), 'none'))).toEqual([]);
});

it('tells revisions, names, sizes and last use, in folders of a snapshot too', async () => {
  const { cache, put, write } = cacheFolder();
  const shared = { 'model.safetensors': 'x'.repeat(100) };
  put('models--b--two', commitOf('1'), { ...shared, 'config.json': '{}' }, ['main', 'refs/pr/1']);
  put('models--b--two', commitOf('2'), { ...shared, 'sub/copy.safetensors': 'x'.repeat(100) });
  put('models--a--one', commitOf('3'), { 'config.json': '{ }' });
  put('datasets--a--one', commitOf('3'), { 'data.json': '{}' });
  write(join(cache, 'models--b--two/blobs/abc.incomplete'), 'x'.repeat(7));
  write(join(cache, 'CACHEDIR.TAG'), '');
  const used = new Date('2040-01-02T03:04:05Z');
  const blob = blobName('model.safetensors', shared['model.safetensors']);
  utimesSync(join(cache, 'models--b--two/blobs', blob), used, used);
  symlinkSync('../../blobs/gone', join(cache, `models--a--one/snapshots/${commitOf('3')}/gone`));

  const [one, two, ...more] = await scanCache(cache);
  expect(more).toEqual([]);
  expect(one).toMatchObject({ model: 'a/one', incompleteBytes: 0 });
  expect(one?.snapshots).toMatchObject([{ commit: commitOf('3'), refs: [], bytes: 3 }]);
  expect(two).toMatchObject({ model: 'b/two', incompleteBytes: 7 });
  expect(two?.snapshots).toMatchObject([
    { commit: commitOf('1'), refs: ['main', 'refs/pr/1'], bytes: 102, usedAt: used },
    { commit: commitOf('2'), refs: [], bytes: 100, usedAt: used },
  ]);
});
