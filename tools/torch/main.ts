/**
 * `npm run bench:torch`: our training steps against the same in eager PyTorch, same weights, batches and threads, taken
 * by turns. Installs PyTorch from PyPI the first time. Fails if ours is slower, or the losses differ.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { cacheFolder } from '../../src/engine/node/cache-folder.ts';
import { readMachine } from '../../src/evaluate/machine.ts';
import { openPython } from '../../src/evaluate/rivals/open-python.ts';
import { blockBenchmark } from './block-benchmark.ts';
import { draftBenchmark } from './draft-benchmark.ts';
import { type Outcome, race } from './race.ts';
import { isFast, isSame, renderTable } from './table.ts';
import { targetBenchmark } from './target-benchmark.ts';
import { startTorch, WAITS } from './torch-worker.ts';

const BENCHMARKS = {
  'draft-8': draftBenchmark.bind(null, 8),
  'draft-16': draftBenchmark.bind(null, 16),
  'block-16': blockBenchmark.bind(null, 16),
  'target-32': targetBenchmark,
} as const;
type Name = keyof typeof BENCHMARKS;
const NAMES = Object.keys(BENCHMARKS) as Name[];

const options = new Command('bench:torch')
  .description('Times our training steps against PyTorch.')
  .option('--threads <counts...>', 'threads of both sides, one after the other', counts, [2, 1])
  .option('--only <names...>', `of ${NAMES.join(', ')}`, names, NAMES)
  .option('--batches <n>', 'different batches, at most', count, 25)
  .option('--passes <n>', 'times over the batches', count, 4)
  .option('--json <file>', 'write the figures as JSON too')
  .parse()
  .opts();

function count(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give a whole number, at least 1.');
}
function counts(text: string, before: number[]): number[] {
  return [...(before.length === 2 && before[0] === 2 ? [] : before), count(text)];
}
function names(text: string, before: Name[]): Name[] {
  const name = NAMES.find((known) => known === text);
  if (name === undefined) throw new InvalidArgumentError(`There are: ${NAMES.join(', ')}.`);
  return [...(before === NAMES ? [] : before), name];
}

const python = await openPython({
  python: 'python3',
  folder: join(cacheFolder(), 'torch-bench'),
  requirements: fileURLToPath(new URL('requirements.txt', import.meta.url)),
  packages: 'PyTorch',
  say: (line) => process.stderr.write(`${line}\n`),
});
const outcomes: Outcome[] = [];
let version = '';
for (const threads of options.threads) {
  for (const name of options.only) {
    process.stderr.write(`${name}, ${threads} threads …\n`);
    const waits = threads > 1 ? WAITS : WAITS.slice(0, 1);
    const workers = await Promise.all(waits.map((wait) => startTorch(python, threads, wait)));
    version = workers[0]?.version ?? '';
    const benchmark = await BENCHMARKS[name](threads, options.batches);
    const { passes } = options;
    const results = await race(benchmark, workers, { threads, passes });
    await Promise.all([...workers.map((worker) => worker.close()), benchmark.dispose()]);
    outcomes.push(...results);
    process.stderr.write(renderTable(results));
  }
}
process.stdout.write(renderTable(outcomes));
if (options.json !== undefined) {
  const report = { machine: readMachine(), torch: version, outcomes };
  writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
}
process.exitCode = outcomes.every((outcome) => isFast(outcome) && isSame(outcome)) ? 0 : 1;
