import { mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../checkpoint/testing/folders.ts';
import { ConfigError } from '../../contracts/errors.ts';
import { readSettings, settingsFile } from './read-settings.ts';

/** A folder of settings with this file in it. */
function home(content: string | object): string {
  const folder = tempFolder();
  mkdirSync(join(folder, 'msd-ts'));
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  writeFileSync(join(folder, 'msd-ts', 'config.json'), text);
  return folder;
}

it('has none where there is no file and no variable', () => {
  expect(readSettings({ XDG_CONFIG_HOME: tempFolder() })).toEqual({});
});

it('reads the file; paths count from it, or from the home folder after ~', () => {
  const folder = home({ model: './m', draft: '~/d', threads: 3, cache: 'kept' });
  expect(readSettings({ XDG_CONFIG_HOME: folder })).toEqual({
    model: join(folder, 'msd-ts', 'm'),
    draft: join(homedir(), 'd'),
    threads: 3,
    cache: join(folder, 'msd-ts', 'kept'),
  });
  const named = home({ model: 'owner/name' });
  expect(readSettings({ XDG_CONFIG_HOME: named })).toEqual({ model: 'owner/name' });
});

it('takes a variable over the file, and an empty one for none', () => {
  const XDG_CONFIG_HOME = home({ model: 'a', draft: 'of a', threads: 3 });
  const variables = { XDG_CONFIG_HOME, MSD_THREADS: '2', MSD_CACHE: 'here', MSD_MODEL: '' };
  expect(readSettings(variables)).toEqual({
    ...{ model: 'a', draft: 'of a', threads: 2, cache: resolve('here') },
  });
});

it("leaves the file's draft where a variable names the model", () => {
  const XDG_CONFIG_HOME = home({ model: 'a', draft: 'of a' });
  expect(readSettings({ XDG_CONFIG_HOME, MSD_MODEL: 'b' })).toEqual({ model: 'b' });
  const both = { XDG_CONFIG_HOME, MSD_MODEL: 'b', MSD_DRAFT: 'of b' };
  expect(readSettings(both)).toEqual({ model: 'b', draft: 'of b' });
});

it('reads another file that MSD_CONFIG names, which has to be there', () => {
  const file = join(home({ threads: 5 }), 'msd-ts', 'config.json');
  expect(readSettings({ MSD_CONFIG: file })).toEqual({ threads: 5 });
  expect(() => readSettings({ MSD_CONFIG: 'none.json' })).toThrow('check MSD_CONFIG');
  expect(settingsFile({})).toBe(join(homedir(), '.config', 'msd-ts', 'config.json'));
});

describe('refuses, naming what is wrong', () => {
  it.each<[string | object, string]>([
    ['{"model": ', 'this is not valid JSON'],
    [[], 'this is no object of settings'],
    [
      { modell: 'a' },
      'modell: there is no such setting; there are model, draft, threads, cache, serve.',
    ],
    [{ threads: 0 }, 'threads must be a whole number from 1 to 1024.'],
    [{ model: 1 }, 'model must be a text.'],
  ])('%j', (content, problem) => {
    const folder = home(content);
    const reading = () => readSettings({ XDG_CONFIG_HOME: folder });
    expect(reading).toThrow(ConfigError);
    expect(reading).toThrow(problem);
    expect(reading).toThrow('config.json: ');
  });

  it.each(['0', '1.5', 'many', '5000'])('MSD_THREADS=%s', (MSD_THREADS) => {
    const reading = () => readSettings({ XDG_CONFIG_HOME: tempFolder(), MSD_THREADS });
    expect(reading).toThrow('MSD_THREADS: it must be a whole number from 1 to 1024.');
  });
});
