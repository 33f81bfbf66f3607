import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../checkpoint/testing/folders.ts';
import { RunFolderError, RunMismatchError } from '../../contracts/errors.ts';
import { beginHarvest } from './harvest-state.ts';

const IDENTITY = { model: 'abc', seed: 1, 'drop-cut': false, 'data file a.json': '12' };
const NOON = new Date('2024-05-06T12:00:00.000Z');
const LATER = new Date('2024-05-07T12:00:00.000Z');

describe('the state of a harvest', () => {
  it('keeps when it began, for templates that write the date', async () => {
    const folder = tempFolder();
    expect(await beginHarvest(folder, IDENTITY, NOON)).toEqual(NOON);
    expect(await beginHarvest(folder, IDENTITY, LATER)).toEqual(NOON);
  });

  it.each([
    [{ ...IDENTITY, seed: 2 }, ['seed'], 'seed (was 1, is 2)'],
    [{ ...IDENTITY, 'data file a.json': '13' }, ['data file a.json'], '(was 12, is 13)'],
    [
      { model: 'abc', seed: 1, 'drop-cut': false, 'data file b.json': '12' },
      ['data file a.json', 'data file b.json'],
      '(was 12, is absent)',
    ],
  ])('refuses to go on with others: %j', async (identity, keys, words) => {
    const folder = tempFolder();
    await beginHarvest(folder, IDENTITY, NOON);
    const error = await beginHarvest(folder, identity, LATER).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(RunMismatchError);
    expect(error).toMatchObject({ dir: folder, keys, message: expect.stringContaining(words) });
  });

  it('takes no parts over from a harvest without one', async () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'part-00001.jsonl'), '');
    await beginHarvest(folder, IDENTITY, NOON);
    expect(readdirSync(folder)).toEqual(['state.json']);
  });

  it.each(['{}', '{"format":2,"started":"2024-05-06T12:00:00.000Z","identity":{}}'])(
    'is not %j',
    async (text) => {
      const folder = tempFolder();
      writeFileSync(join(folder, 'state.json'), text);
      const error = await beginHarvest(folder, IDENTITY, NOON).catch((error: unknown) => error);
      expect(error).toBeInstanceOf(RunFolderError);
    },
  );
});
