/**
 * `npm run mutants`: puts known faults into a copy of the sources, one at a time, and asks the tests that must notice.
 * Exits 1 if a fault is overlooked, or if a test fails without one.
 */
import { spawnSync } from 'node:child_process';
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

function passes(tests: readonly string[]): boolean {
  const run = spawnSync('npx', ['vitest', 'run', ...tests], { cwd: copy, encoding: 'utf8' });
  return run.status === 0;
}

/** What became of a fault: the sentence of its line, and whether it is as it should be. */
async function judge({
  file,
  from,
  to,
  tests,
}: Mutant): Promise<{ noticed: boolean; what: string }> {
  const path = join(copy, file);
  const source = await readFile(path, 'utf8');
  if (source.split(from).length !== 2)
    return { noticed: false, what: 'not found once in its file' };
  await writeFile(
    path,
    source.replace(from, () => to),
  );
  try {
    return passes(tests)
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
  if (!passes(tests)) {
    say('the tests fail without any fault; run them first');
    failures += 1;
  } else {
    for (const mutant of chosen) {
      const { noticed, what } = await judge(mutant);
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
