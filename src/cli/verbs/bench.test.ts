import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { fakeModel, fakeResult } from '../../evaluate/testing/fake-results.ts';
import { load } from '../../load.ts';
import { benchCommand } from './bench.ts';

vi.mock('../../load.ts');

let stdout = '';
beforeEach(() => {
  stdout = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    stdout += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

/** Runs the command over a model whose drafters write `ids`, while plain decoding writes 1, 2, 3. */
async function bench(ids: readonly number[], ...options: string[]): Promise<void> {
  const model = fakeModel(({ drafter }) =>
    fakeResult({ ids: drafter === 'none' ? [1, 2, 3] : ids }),
  );
  vi.mocked(load).mockImplementation(model.load);
  await benchCommand().parseAsync(['--pairs', '1', ...options], { from: 'user' });
}

it('exits with 1 if an answer differs from plain, and still reports', async () => {
  await bench([1, 2, 4]);
  expect(process.exitCode).toBe(1);
  expect(stdout).toContain('DIFFER');
});

it('exits with 0 if none does', async () => {
  await bench([1, 2, 3]);
  expect(process.exitCode).toBeUndefined();
});

it('compares every drafter with every tree, and plain with itself only once', async () => {
  const drafters = ['--drafter', 'msd', '--drafter', 'none'];
  await bench([1, 2, 3], '--json', ...drafters, '--tree', 'auto', '--tree', '8,4,4');
  expect(JSON.parse(stdout).variants).toHaveLength(3);
});

it('lets each answer be guessed as the first one', async () => {
  await bench([1, 2, 3], '--forget', 'likely');
  expect(stdout).toContain('at most 128 tokens, each answer as if none came before it');
});

it.each([
  [['--tree', '8,4'], 'total,depth,top-k'],
  [['--drafter', 'oracle'], 'prompt-lookup'],
  [['--pairs', '0'], 'of at least 1'],
  [['--temperature', 'hot'], 'must be a number'],
  [['--top-p', '2'], 'at most 1'],
  [['--against', 'gpt'], 'llama.cpp or hf'],
  [['--acceptance', '0.8,1.2'], 'from 0 to 1'],
  [['--contexts', '8'], 'at least 64'],
  [['--forget', 'some'], 'likely, all'],
])('refuses %j and says what it takes', async (options, hint) => {
  const command = benchCommand()
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  await expect(command.parseAsync(options, { from: 'user' })).rejects.toThrow(hint);
});

it('loads with every flag of the model', async () => {
  const flags = ['--force', '--draft-positions', 'mrope', '--precision', 'w8a8', '--threads', '2'];
  await bench([1, 2, 3], '--model', 'a', '--draft', 'b', ...flags);
  const [given] = vi.mocked(load).mock.lastCall ?? [];
  expect(given).toEqual({
    ...{ model: 'a', draft: 'b', force: true, draftPositions: 'mrope' },
    ...{ precision: 'w8a8', threads: 2, device: 'cpu' },
  });
});
