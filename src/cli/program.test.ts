import type { CommanderError } from '@commander-js/extra-typings';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createProgram } from './program.ts';
import { reportError } from './report-error.ts';

let [stdout, stderr] = ['', ''];
beforeEach(() => {
  [stdout, stderr] = ['', ''];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    stdout += text;
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Calls the program with what it refuses, or with a call for help; gives its exit code. */
async function exitCodeOf(args: readonly string[]): Promise<number> {
  const error = await createProgram()
    .parseAsync(args, { from: 'user' })
    .then(
      () => undefined,
      (thrown: CommanderError) => thrown,
    );
  const { text, exitCode } = reportError(error);
  stderr += text;
  return exitCode;
}

describe('wrong calls end with exit code 2 and say why', () => {
  it.each<[string[], string]>([
    [[], 'Usage: msd'],
    [['rum'], 'Did you mean one of rm, run?'],
    [['run'], 'give a PROMPT in quotes'],
    [['run', 'Describe', 'it'], 'A prompt of several words needs quotes'],
    [['run', '--imag', 'a.png', 'x'], 'Did you mean --image?'],
    [['run', '--messages', 'm.json', 'x'], 'give PROMPT or --messages, not both'],
    [['run', '--messages', 'm.json', '--image', 'a.png'], '--image goes with PROMPT'],
    [['run', '--compare', '--drafter', 'none', 'x'], '--compare needs a drafter'],
    [['run', '--prediction', 'LICENSE', '--drafter', 'msd', 'x'], '--prediction is not read by'],
    [['run', '--prediction', 'LICENSE', '--tree', '8', 'x'], '--prediction goes with'],
    [['run', '--drafter', 'medusa', 'x'], "option '--drafter <name>' argument 'medusa' is invalid"],
    [['run', '--device', 'cuda', 'x'], 'Allowed choices are cpu, webgpu'],
    [['run', '--tree', '59,5', 'x'], 'auto, rows as 8, or total,depth,top-k as 59,5,10'],
    [['run', '--tree', '0,5,10', 'x'], '--tree must be '],
    [['run', '--max-tokens', '5abc', 'x'], "option '--max-tokens <n>' argument '5abc' is invalid"],
    [['run', '--max-tokens', '0', 'x'], '--max-tokens must be a whole number from 1'],
    [['run', '--max-tokens', '-3', 'x'], "option '--max-tokens <n>' argument '-3' is invalid"],
    [['run', '--temperature', 'NaN', 'x'], "option '--temperature <t>' argument 'NaN' is invalid"],
    [['run', '--temperature', '-1', 'x'], '--temperature must be a number from 0 (greedy)'],
    [['run', '--min-p', '2', 'x'], '--min-p must be a number from 0 to 1'],
    [['run', '--seed', '1e3', 'x'], "option '--seed <s>' argument '1e3' is invalid"],
    [['run', '--seed', '99999999999999999999', 'x'], '--seed must be a whole number'],
    [['run', '--stop', '', 'x'], '--stop must not hold an empty text'],
    [['run', '--threads', '0', 'x'], '--threads must be a whole number from 1 to 1024'],
    [['chat', '--compare'], "unknown option '--compare'"],
    [['chat', '--top-k', 'few'], "option '--top-k <k>' argument 'few' is invalid"],
    [['chat', '--top-p', '0'], '--top-p must be a number above 0'],
    [['inspect', 'x'], 'too many arguments'],
    [['doctor', '--jso'], 'Did you mean --json?'],
  ])('%j', async (args, reason) => {
    expect(await exitCodeOf(args)).toBe(2);
    expect(stderr).toContain(reason);
    expect(stdout).toBe('');
  });
});

describe('--help', () => {
  it.each(['run', 'chat', 'serve', 'inspect', 'bench', 'harvest', 'doctor', 'pull', 'list', 'rm'])(
    'explains %s',
    async (verb) => {
      expect(await exitCodeOf([verb, '--help'])).toBe(0);
      expect(stdout).toContain(`Usage: msd ${verb}`);
    },
  );

  it('has examples, and says what the words mean', async () => {
    await exitCodeOf(['--help']);
    expect(stdout).toContain('msd run --image photo.png "Describe the picture."');
    expect(stdout).toMatch(/^ {2}draft +a small network/m);
  });

  it('names every flag of run', async () => {
    await exitCodeOf(['run', '--help']);
    const flags =
      'model draft drafter tree image messages system max-tokens temperature top-p top-k min-p seed stop ignore-eos threads device compare json';
    for (const flag of flags.split(' ')) expect(stdout).toMatch(new RegExp(`^  --${flag}\\b`, 'm'));
  });
});

it('tells its version', async () => {
  expect(await exitCodeOf(['--version'])).toBe(0);
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});
