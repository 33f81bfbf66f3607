import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, it } from 'vitest';
import { ModelBusyError } from '../contracts/errors.ts';
import { recordPath } from './conversion-record.ts';
import { planStale, planUnconverted, removeConversions } from './remove-conversions.ts';
import { conversionsOf } from './testing/conversions.ts';

it('takes what is of a folder, and of no other', async () => {
  const { folder, at, make, convert, scan } = conversionsOf();
  make('one', 1);
  make('two', 2);
  await convert('one');
  const two = await convert('two');
  const plan = planUnconverted(await scan(), (place) => place === at('one'));
  const sizes = (await scan()).map(({ path, bytes }) => (path === two ? 0 : bytes));
  expect(plan.freedBytes).toBe(Math.max(...sizes));
  await removeConversions(plan);
  expect(readdirSync(folder).sort()).toEqual([two, recordPath(two)].map((p) => basename(p)).sort());
});

it('leaves what another model shares, without the name of the one', async () => {
  const { at, make, copy, convert, scan } = conversionsOf();
  make('one', 1);
  copy('one', 'two');
  await convert('one');
  const panels = await convert('two');
  const plan = planUnconverted(await scan(), (place) => place === at('one'));
  expect(plan).toMatchObject({ paths: [], freedBytes: 0 });
  await removeConversions(plan);
  expect(existsSync(panels)).toBe(true);
  expect((await scan())[0]?.sources.map((source) => source.folder)).toEqual([at('two')]);
});

it('takes what is shared with a model that is gone', async () => {
  const { at, make, copy, convert, scan } = conversionsOf();
  make('one', 1);
  copy('one', 'two');
  await convert('one');
  const panels = await convert('two');
  rmSync(at('two'), { recursive: true });
  await removeConversions(planUnconverted(await scan(), (place) => place === at('one')));
  expect(existsSync(panels)).toBe(false);
});

it('takes what is stale, and leaves what is of use or being written', async () => {
  const { folder, at, weightsOf, make, convert, part, scan } = conversionsOf();
  const names = ['used', 'gone', 'changed', 'outdated', 'unknown', 'left', 'written'];
  const panels: Record<string, string> = {};
  for (const [seed, name] of names.entries()) {
    make(name, seed);
    panels[name] = await convert(name);
  }
  const pathOf = (name: string) => panels[name] ?? '';
  rmSync(at('gone'), { recursive: true });
  writeFileSync(weightsOf('changed'), 'other weights');
  const outdated = recordPath(pathOf('outdated'));
  const record = JSON.parse(readFileSync(outdated, 'utf8'));
  writeFileSync(outdated, JSON.stringify({ ...record, form: undefined }));
  rmSync(recordPath(pathOf('unknown')));
  for (const name of ['left', 'written']) rmSync(pathOf(name));
  part(pathOf('left'), spawnSync(process.execPath, ['-e', '0']).pid);
  const written = part(pathOf('written'), process.ppid);
  rmSync(at('written'), { recursive: true });
  await removeConversions(planStale(await scan()));
  const stay = [pathOf('used'), recordPath(pathOf('used')), written, recordPath(pathOf('written'))];
  expect(readdirSync(folder).sort()).toEqual(stay.map((path) => basename(path)).sort());
});

it('refuses what another process is writing', async () => {
  const { at, make, convert, part, scan } = conversionsOf();
  make('one', 1);
  part(await convert('one'), process.ppid);
  const found = await scan();
  expect(() => planUnconverted(found, (place) => place === at('one'))).toThrow(ModelBusyError);
});
