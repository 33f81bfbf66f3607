import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tempFolder } from '../checkpoint/testing/folders.ts';
import { recordPath } from './conversion-record.ts';
import { scanConversions } from './scan-conversions.ts';
import { conversionsOf } from './testing/conversions.ts';

it('finds nothing where nothing was converted', async () => {
  expect(await scanConversions(join(tempFolder(), 'none'))).toEqual([]);
});

it('tells what each file is of, its size and last use', async () => {
  const { folder, at, make, convert, scan } = conversionsOf();
  make('one', 1);
  make('two', 2);
  const one = await convert('one', new Date('2030-01-01'));
  const two = await convert('two', new Date('2030-01-02'));
  await convert('one', new Date('2030-01-03'));
  writeFileSync(join(folder, 'mine.safetensors'), 'not ours');
  const size = (path: string) => statSync(path).size + statSync(recordPath(path)).size;
  expect(await scan()).toMatchObject([
    {
      ...{ path: one, paths: [one, recordPath(one)], bytes: size(one), state: 'there' },
      sources: [{ folder: at('one'), state: 'there' }],
      record: { used: '2030-01-03T00:00:00.000Z' },
    },
    { path: two, state: 'there', sources: [{ folder: at('two') }] },
  ]);
});

it('tells all that share a file, which is of use while one of them is there', async () => {
  const { at, make, copy, convert, scan } = conversionsOf();
  make('one', 1);
  copy('one', 'two');
  expect(await convert('one')).toBe(await convert('two'));
  rmSync(at('one'), { recursive: true });
  const [shared, ...more] = await scan();
  expect(more).toEqual([]);
  expect(shared).toMatchObject({
    state: 'there',
    sources: [
      { folder: at('one'), state: 'gone' },
      { folder: at('two'), state: 'there' },
    ],
  });
});

it('tells a model that is gone from one that changed', async () => {
  const { at, weightsOf, make, convert, scan } = conversionsOf();
  for (const [seed, name] of ['gone', 'bare', 'changed'].entries()) {
    make(name, seed);
    await convert(name, new Date(seed));
  }
  rmSync(at('gone'), { recursive: true });
  rmSync(weightsOf('bare'));
  writeFileSync(weightsOf('changed'), 'other weights');
  expect((await scan()).map(({ state }) => state)).toEqual(['changed', 'gone', 'gone']);
});

it.each([
  ['another version', { kind: 'w8a8', version: 1 }],
  ['another kind', { kind: 'w3a3', version: 2 }],
  ['no mark, as the first way to convert', undefined],
])('tells what no load reads any more: %s', async (_, form) => {
  const { at, make, convert, scan } = conversionsOf();
  make('one', 1);
  const path = recordPath(await convert('one'));
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), form }));
  expect(await scan()).toMatchObject([
    { state: 'outdated', sources: [{ folder: at('one'), state: 'there' }] },
  ]);
});

it('does not guess what a file without a record is of', async () => {
  const { make, convert, scan } = conversionsOf();
  make('one', 1);
  writeFileSync(recordPath(await convert('one')), '{"sources"');
  expect(await scan()).toMatchObject([{ state: 'unknown', sources: [], record: undefined }]);
});

it('tells who writes, and what was left unfinished', async () => {
  const { folder, at, make, convert, part, scan } = conversionsOf();
  make('one', 1);
  const panels = await convert('one');
  rmSync(panels);
  const { pid: dead } = spawnSync(process.execPath, ['-e', '0']);
  const left = part(panels, dead);
  expect(await scan()).toMatchObject([
    { path: panels, paths: [left, recordPath(panels)], state: 'unfinished' },
  ]);
  const written = part(panels, process.ppid);
  expect(await scan()).toMatchObject([
    {
      ...{ state: 'being written', paths: [left, recordPath(panels)] },
      ...{ writer: { path: written, pid: process.ppid }, sources: [{ folder: at('one') }] },
    },
  ]);
  expect(readdirSync(folder)).toHaveLength(3);
});
