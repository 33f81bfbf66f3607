import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tempFolder } from '../checkpoint/testing/folders.ts';
import { makeFolder } from './make-folder.ts';

it('makes a folder and those above it', async () => {
  const folder = join(tempFolder(), 'a/b/c');
  await makeFolder(folder);
  expect(statSync(folder).isDirectory()).toBe(true);
});

it('leaves a folder that is there', async () => {
  const folder = tempFolder();
  writeFileSync(join(folder, 'file'), '');
  await makeFolder(folder);
  expect(existsSync(join(folder, 'file'))).toBe(true);
});

it('makes folders that others make at the same time', async () => {
  const folder = tempFolder();
  const all = Array.from({ length: 20 }, (_, at) => join(folder, `a/b/c/${at}`));
  await Promise.all(all.map(makeFolder));
  expect(all.every((one) => existsSync(one))).toBe(true);
});

it.each([
  ['file', 'EEXIST'],
  ['file/below/it', 'ENOTDIR'],
])('refuses %s where a file stands in the way', async (path, code) => {
  const folder = tempFolder();
  writeFileSync(join(folder, 'file'), '');
  await expect(makeFolder(join(folder, path))).rejects.toMatchObject({ code });
});

it.runIf(existsSync('/proc/self'))('ends where the kernel makes no folder', async () => {
  await expect(makeFolder('/proc/msd/below')).rejects.toMatchObject({ code: 'ENOENT' });
});
