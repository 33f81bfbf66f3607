/**
 * `npm run mutants`: puts known faults into a copy of the sources, one at a time, and asks the tests that must notice.
 * Exits 1 if a fault is overlooked, or if a test fails without one.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from '@commander-js/extra-typings';
import { MUTANTS, type Mutant } from './mutants.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const COPIED = [
  'src',
  'tools',
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'vitest.config.ts',
];
const LINKED = ['node_modules', 'fixtures', 'models', 'dist'];

const program = new Command('mutants')
  .description('Puts known faults into a copy of the sources and checks that tests notice each.')
  .option('--only <text>', 'faults of files whose path has this in it', '')
  .parse();

const chosen = MUTANTS.filter(({ file }) => file.includes(program.opts().only));
const copy = await mkdtemp(join(tmpdir(), 'msd-mutants-'));
const say = (line: string) => void process.stdout.write(`${line}\n`);

/** Longest time that is waited for, in milliseconds. */
const LONGEST = 2 ** 31 - 1;

/** Whether tests pass within so many milliseconds. */
async function passes(tests: readonly string[], limit: number): Promise<boolean> {
  // A group of its own: a test that hangs lets nobody end its process but by force.
  const run = spawn('npx', ['vitest', 'run', ...tests], {
    ...{ cwd: copy, stdio: 'ignore', detached: true },
  });
  const end = () => process.kill(-(run.pid as number), 'SIGKILL');
  const stop = () => {
    end();
    process.exit(130);
  };
  const timer = setTimeout(end, limit);
  process.once('SIGINT', stop);
  const [status] = await once(run, 'exit');
  clearTimeout(timer);
  process.off('SIGINT', stop);
  return status === 0;
}

/**
 * What became of a fault: the sentence of its line, and whether it is as it should be.
 * @param limit milliseconds for its tests; a fault by which they never end is noticed
 */
async function judge(
  { file, from, to, tests }: Mutant,
  limit: number,
): Promise<{ noticed: boolean; what: string }> {
  const path = join(copy, file);
  const source = await readFile(path, 'utf8');
  if (source.split(from).length !== 2)
    return { noticed: false, what: 'not found once in its file' };
  await writeFile(
    path,
    source.replace(from, () => to),
  );
  try {
    return (await passes(tests, limit))
      ? { noticed: false, what: 'OVERLOOKED' }
      : { noticed: true, what: 'noticed' };
  } finally {
    await writeFile(path, source);
  }
}

let failures = 0;
try {
  for (const name of COPIED) await cp(join(root, name), join(copy, name), { recursive: true });
  for (const name of LINKED) await symlink(join(root, name), join(copy, name)).catch(() => {});
  const tests = [...new Set(chosen.flatMap((mutant) => mutant.tests))];
  const start = performance.now();
  const sound = await passes(tests, LONGEST);
  const limit = performance.now() - start + 60_000;
  if (!sound) {
    say('the tests fail without any fault; run them first');
    failures += 1;
  } else {
    for (const mutant of chosen) {
      const { noticed, what } = await judge(mutant, limit);
      if (!noticed) failures += 1;
      say(
        `${what.padEnd(10)}  ${mutant.file}  ${mutant.from.trim()}  →  ${mutant.to || '(nothing)'}`,
      );
    }
    say(`${chosen.length - failures} of ${chosen.length} faults noticed`);
  }
} finally {
  await rm(copy, { recursive: true, force: true });
}
process.exitCode = failures === 0 ? 0 : 1;
