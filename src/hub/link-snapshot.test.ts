import { lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tempFolder } from '../checkpoint/testing/folders.ts';
import { isInSnapshot, linkSnapshot } from './link-snapshot.ts';

const FILES = [
  { path: 'config.json', bytes: 5, hash: 'one' },
  { path: 'sub/copy.json', bytes: 5, hash: 'one' },
  { path: 'model.safetensors', bytes: 5, hash: 'two' },
];

function start() {
  const blobs = tempFolder();
  const snapshot = join(tempFolder(), 'commit');
  writeFileSync(join(blobs, 'one'), 'one..');
  writeFileSync(join(blobs, 'two'), 'two..');
  return { blobs, snapshot };
}

it('puts the files themselves where there are no links, and keeps nothing twice', async () => {
  const { blobs, snapshot } = start();
  const noLinks = () => Promise.reject(Object.assign(new Error('no'), { code: 'EPERM' }));
  await linkSnapshot({ blobs, snapshot }, FILES, noLinks);
  for (const file of FILES) {
    const place = join(snapshot, file.path);
    expect(lstatSync(place).isFile()).toBe(true);
    expect(readFileSync(place, 'utf8')).toBe(`${file.hash}..`);
    expect(await isInSnapshot(snapshot, file)).toBe(true);
  }
  expect(readdirSync(blobs)).toEqual([]);
});

it('passes on what else goes wrong', async () => {
  const full = () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' }));
  await expect(linkSnapshot(start(), FILES, full)).rejects.toThrow('full');
});

it('replaces what stands there, and may be done again', async () => {
  const dirs = start();
  await linkSnapshot(dirs, FILES);
  await linkSnapshot(dirs, [{ path: 'config.json', bytes: 5, hash: 'two' }]);
  await linkSnapshot(dirs, [{ path: 'config.json', bytes: 5, hash: 'two' }]);
  expect(readFileSync(join(dirs.snapshot, 'config.json'), 'utf8')).toBe('two..');
  expect(readdirSync(dirs.snapshot).sort()).toEqual(['config.json', 'model.safetensors', 'sub']);
});
