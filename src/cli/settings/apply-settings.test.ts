import { Command } from '@commander-js/extra-typings';
import { describe, expect, it, vi } from 'vitest';
import { wholeNumber } from '../flags/parse-flags.ts';
import { serveCommand } from '../verbs/serve.ts';
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

describe('flags of serve in the file', () => {
  const serve = (given: Record<string, unknown>, args: string[] = []) => {
    const verb = serveCommand()
      .exitOverride()
      .action(() => {});
    verb.hook('preAction', () => applySettings(verb, { serve: given }));
    verb.parse(args, { from: 'user' });
    return verb.opts();
  };

  it('are read as if they were typed', () => {
    const given = { port: 90, corsOrigin: ['https://a', 'https://b'], logLevel: 'warn' };
    expect(serve(given)).toMatchObject(given);
  });

  it('give way to those that are typed, and to variables', () => {
    vi.stubEnv('MSD_QUEUE', '7');
    const opts = serve({ port: 90, queue: 5 }, ['--port', '91']);
    expect(opts).toMatchObject({ port: 91, queue: 7 });
    vi.unstubAllEnvs();
  });

  it.each<[Record<string, unknown>, string]>([
    [{ prot: 90 }, 'serve.prot: there is no such flag'],
    [{ port: 'many' }, 'serve.port: It must be a whole number'],
    [{ logLevel: 'loud' }, 'serve.logLevel: Allowed choices'],
  ])('%j is refused', (given, problem) => {
    expect(() => serve(given)).toThrow(problem);
  });
});
