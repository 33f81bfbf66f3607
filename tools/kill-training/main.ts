/**
 * `npm run check:kills`: trains a draft and a target of the command line twice each, once straight through and once
 * killed (`kill -9`) at 20 random moments, and compares weights and records. A seed may follow: the moments are drawn
 * from it.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { passMsd, startMsd } from '../../src/cli/testing/run-msd.ts';
import { uniform } from '../../src/decode/uniform.ts';
import { textColumns } from '../../src/evaluate/text-columns.ts';

const KILLS = 20;
const root = fileURLToPath(new URL('../..', import.meta.url));
const slice = join(root, 'fixtures/tiny/train-slice');
const data = [
  `data.train=["${join(slice, 'train_text.json')}", "${join(slice, 'train_visual.json')}"]`,
  `data.imageRoot=${join(slice, 'images')}`,
  'data.validationShare=0.1',
];
const learn = 'learn={"projector":1e-3,"tower":1e-3,"decoder":1e-3,"embeddings":1e-3}';

/** Settings by what trains: a checkpoint comes about every second. */
const JOBS: Readonly<Record<string, readonly string[]>> = {
  draft: [
    `model=${join(root, 'models/tiny/target')}`,
    ...['steps=240', 'batch=8', 'optimiser.rate=1e-3', 'objective.depths=2'],
    ...['checkpointEvery=5', 'validation.every=60', 'validation.decode=2'],
  ],
  target: [
    ...['fromScratch=true', learn, `model=${join(root, 'models/tiny/target')}`],
    ...['steps=80', 'batch=16', 'checkpointEvery=2', 'validation.every=40'],
  ],
};

const seed = Number(process.argv[2] ?? Math.floor(Math.random() * 2 ** 31));
let draws = 0;
const random = () => uniform(seed, draws++);

const commandOf = (what: string, out: string, settings: readonly string[]): string[] => [
  ...['train', what, '--out', out],
  ...data,
  ...settings,
];

const recordsOf = (run: string): string[] => {
  const path = join(run, 'metrics.jsonl');
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
};

/** The records but for the time that they took. */
const numbersOf = (run: string): string =>
  JSON.stringify(recordsOf(run).map((line) => ({ ...JSON.parse(line), seconds: 0 })));

/** Starts the run, kills it at a moment between its first sign of life and `longest` later; the records it then had. */
async function killOnce(command: readonly string[], run: string, longest: number): Promise<number> {
  const { child, until, outcome } = startMsd(command);
  await until('stderr', /\S/);
  await setTimeout(random() * longest);
  child.kill('SIGKILL');
  const { code } = await outcome;
  if (code !== null) throw new Error('The run ended before it was killed: give it more steps.');
  return recordsOf(run).length;
}

const scratch = mkdtempSync(join(tmpdir(), 'msd-kills-'));
const lines = [['training', 'kills', 'records at the kills', 'weights', 'records']];
try {
  for (const [what, settings] of Object.entries(JOBS)) {
    const [straight, killed] = [join(scratch, `${what}-straight`), join(scratch, `${what}-killed`)];
    const began = performance.now();
    await passMsd(commandOf(what, straight, settings));
    const took = performance.now() - began;
    const all = recordsOf(straight).length;
    process.stderr.write(`${what}: straight in ${(took / 1000).toFixed(0)} s\n`);

    const command = commandOf(what, killed, settings);
    const reached: number[] = [];
    while (reached.length < KILLS) {
      // A start takes a while; the moments spread what is left of the run over what is left of the kills.
      const left = 1 - (reached.at(-1) ?? 0) / all;
      const longest = 2000 + ((2 * took) / (KILLS - reached.length + 2)) * left;
      reached.push(await killOnce(command, killed, longest));
      process.stderr.write(`${what}: kill ${reached.length} at record ${reached.at(-1)}\n`);
    }
    await passMsd(command);
    const weights = (run: string) => readFileSync(join(run, what, 'model.safetensors'));
    const same = (equal: boolean) => (equal ? 'equal' : 'DIFFERENT');
    lines.push([
      what,
      String(KILLS),
      `${reached.join(' ')} of ${all}`,
      same(weights(killed).equals(weights(straight))),
      same(numbersOf(killed) === numbersOf(straight)),
    ]);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
process.stdout.write(`seed ${seed}\n${textColumns(lines, [0, 2, 3, 4]).join('\n')}\n`);
if (lines.flat().includes('DIFFERENT')) process.exitCode = 1;
