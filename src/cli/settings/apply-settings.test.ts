import { Command } from '@commander-js/extra-typings';
import { expect, it } from 'vitest';
import { wholeNumber } from '../flags/parse-flags.ts';
import { applySettings } from './apply-settings.ts';

const SETTINGS = { model: 'a', draft: 'of a', threads: 3 };

/** What a verb with these flags reads of `args`, the settings behind them. */
function optionsOf(args: readonly string[], flags = ['model', 'draft']) {
  const verb = new Command('verb').option('--threads <n>', 'threads', wholeNumber);
  for (const flag of flags) verb.option(`--${flag} <text>`, flag);
  verb.parse(args, { from: 'user' });
  applySettings(verb, SETTINGS);
  return verb.opts();
}

it('fills in what was not given', () => {
  expect(optionsOf([])).toEqual(SETTINGS);
  expect(optionsOf(['--threads', '1'])).toEqual({ ...SETTINGS, threads: 1 });
  expect(optionsOf(['--draft', 'mine'])).toEqual({ ...SETTINGS, draft: 'mine' });
});

it('gives another model no draft that was set for its own', () => {
  expect(optionsOf(['--model', 'b'])).toEqual({ model: 'b', threads: 3 });
});

it('leaves a verb alone that has no such flag', () => {
  expect(optionsOf([], [])).toEqual({ threads: 3 });
});
