import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../checkpoint/testing/folders.ts';
import { passMsd, runMsd, startMsd } from '../testing/run-msd.ts';

const SLICE = fileURLToPath(new URL('../../../fixtures/tiny/train-slice', import.meta.url));
const TARGET = fileURLToPath(new URL('../../../models/tiny/target', import.meta.url));

/** The first dialogues of each kind, and others that are held out, as settings of a short training. */
function shortTraining(folder: string): string[] {
  const records = (kind: string) =>
    JSON.parse(readFileSync(join(SLICE, `train_${kind}.json`), 'utf8'));
  const write = (name: string, from: number, to: number): string => {
    const path = join(folder, name);
    const list = ['text', 'visual'].flatMap((kind) => records(kind).slice(from, to));
    writeFileSync(path, JSON.stringify(list));
    return path;
  };
  return [
    `data.train=["${write('train.json', 0, 20)}"]`,
    `data.validation=["${write('held-out.json', 20, 24)}"]`,
    `data.imageRoot=${join(SLICE, 'images')}`,
    'threads=1',
    `model=${TARGET}`,
  ];
}

/** Settings of a draft's training that takes about a second. */
const draftTraining = (folder: string): string[] => [
  ...shortTraining(folder),
  'steps=12',
  'batch=4',
  'optimiser.rate=1e-3',
  'validation.every=6',
  'validation.decode=1',
  'validation.decodeAtEnd=2',
  'checkpointEvery=2',
];

const weightsOf = (run: string): Buffer => readFileSync(join(run, 'draft', 'model.safetensors'));

/** The run's records but for the time they took. */
const recordsOf = (run: string): unknown[] =>
  readFileSync(join(run, 'metrics.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => ({ ...JSON.parse(line), seconds: 0 }));

describe('msd train draft', () => {
  it('plans without writing anything', async () => {
    const folder = tempFolder();
    const settings = draftTraining(folder);
    const before = readdirSync(folder);
    const args = ['train', 'draft', '--out', join(folder, 'run'), '--plan', ...settings];
    const { stdout } = await passMsd(args);
    expect(stdout).toMatch(/steps +12 of 4 dialogues/);
    expect(stdout).toMatch(/learns from +20 dialogues without pictures and 20 with/);
    expect(stdout).toMatch(/takes +about .* ms a step/);
    expect(readdirSync(folder)).toEqual(before);
  });

  it('leaves a draft that serves, its records and a report', async () => {
    const folder = tempFolder();
    const run = join(folder, 'run');
    const { stdout, stderr } = await passMsd([
      ...['train', 'draft', '--out', run],
      ...draftTraining(folder),
    ]);
    expect(stdout.trim()).toBe(join(run, 'draft'));
    expect(stderr).toMatch(/step 12, held out: loss .*, agrees .*, tokens per pass/);
    const kinds = recordsOf(run).map((record) => (record as { kind: string }).kind);
    expect(kinds.filter((kind) => kind === 'step')).toHaveLength(12);
    expect(kinds.filter((kind) => kind === 'validation')).toHaveLength(3);
    expect(readFileSync(join(run, 'report.html'), 'utf8')).toContain('Training of a draft');
    const flags = ['--model', TARGET, '--draft', join(run, 'draft'), '--drafter', 'msd', '--json'];
    const tree = ['--tree', '8,3,2', '--max-tokens', '12'];
    const answered = await passMsd(['run', 'Spell the word light.', ...flags, ...tree]);
    const plain = await passMsd([
      'run',
      'Spell the word light.',
      '--drafter',
      'none',
      '--json',
      ...tree.slice(2),
    ]);
    expect(JSON.parse(answered.stdout).text).toBe(JSON.parse(plain.stdout).text);
  });

  it('killed again and again, ends with the bits of a run that never stopped', async () => {
    const folder = tempFolder();
    const settings = draftTraining(folder);
    const [killed, straight] = [join(folder, 'killed'), join(folder, 'straight')];
    for (let kill = 0; kill < 4; kill++) {
      const { child, until, outcome } = startMsd(['train', 'draft', '--out', killed, ...settings]);
      await until('stderr', /run folder/);
      await setTimeout(250 * (kill + 1));
      child.kill('SIGKILL');
      await outcome;
    }
    await passMsd(['train', 'draft', '--out', killed, ...settings]);
    await passMsd(['train', 'draft', '--out', straight, ...settings]);
    expect(weightsOf(killed).equals(weightsOf(straight))).toBe(true);
    expect(recordsOf(killed)).toEqual(recordsOf(straight));
  });

  it('stopped by Ctrl-C saves, exits with 130 and says how to go on', async () => {
    const folder = tempFolder();
    const run = join(folder, 'run');
    const settings = [
      ...draftTraining(folder),
      'steps=2000',
      'validation.every=1000',
      'checkpointEvery=1000',
    ];
    const { child, until, outcome } = startMsd(['train', 'draft', '--out', run, ...settings]);
    await until('stderr', /step 1\/2000/);
    child.kill('SIGINT');
    const { code, stderr } = await outcome;
    expect(code).toBe(130);
    expect(stderr).toContain('the same command goes on from here');
    expect(readdirSync(join(run, 'checkpoints')).length, 'beside the first').toBe(2);
    expect(existsSync(join(run, 'draft')), 'nothing unfinished is published').toBe(false);
    expect(existsSync(join(run, 'report.html'))).toBe(true);
  });

  it('gives the same bits with a cold cache of features, a warm one, and after a kill', async () => {
    const folder = tempFolder();
    const settings = [...draftTraining(folder), `cache.dir=${join(folder, 'cache')}`, 'steps=4'];
    for (const name of ['cold', 'warm']) {
      await passMsd(['train', 'draft', '--out', join(folder, name), ...settings]);
    }
    expect(weightsOf(join(folder, 'cold')).equals(weightsOf(join(folder, 'warm')))).toBe(true);
  });

  it('refuses an unknown setting and says which was meant', async () => {
    const { code, stderr } = await runMsd(['train', 'draft', '--out', 'x', 'optimizer.rate=1']);
    expect(code).toBe(2);
    expect(stderr).toContain('did you mean optimiser');
    expect(existsSync('x')).toBe(false);
  });

  it('names every bad record, and leaves them out if asked', async () => {
    const folder = tempFolder();
    const settings = draftTraining(folder);
    const path = join(folder, 'train.json');
    const records = JSON.parse(readFileSync(path, 'utf8'));
    records[3] = { conversations: [{ from: 'human', value: 'Anyone?' }] };
    writeFileSync(path, JSON.stringify(records));
    const args = ['train', 'draft', '--out', join(folder, 'run'), '--plan', ...settings];
    const { code, stderr } = await runMsd(args);
    expect(code).toBe(1);
    expect(stderr).toContain(`${path}, record 3: `);
    const { stdout } = await passMsd([...args, '--skip-bad']);
    expect(stdout).toMatch(/left out +1 records/);
  });

  it('refuses to go on with other settings that change the weights', async () => {
    const folder = tempFolder();
    const settings = [...draftTraining(folder), 'steps=2'];
    const args = ['train', 'draft', '--out', join(folder, 'run'), ...settings];
    await passMsd(args);
    const { code, stderr } = await runMsd([...args, 'seed=5']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/seed \(was 0, is 5\)/);
    await passMsd([...args, 'checkpointEvery=1']);
  });
});

describe('msd train target', () => {
  it('leaves a target that serves, changed only where it was to learn', async () => {
    const folder = tempFolder();
    const run = join(folder, 'run');
    const learn = ['learn={"projector":1e-3}', 'steps=2', 'batch=2'];
    await passMsd(['train', 'target', '--out', run, ...shortTraining(folder), ...learn]);
    const target = join(run, 'target');
    const flags = ['--model', target, '--drafter', 'none', '--max-tokens', '8', '--json'];
    const { stdout } = await passMsd(['run', 'Spell the word light.', ...flags]);
    expect(JSON.parse(stdout).text, 'words need no projector').not.toBe('');
    const embedded = await passMsd(['run', 'Spell the word light.', ...flags.slice(2)]);
    expect(JSON.parse(stdout).text).toBe(JSON.parse(embedded.stdout).text);
    const bytes = (dir: string) => readFileSync(join(dir, 'model.safetensors'));
    expect(bytes(target).equals(bytes(TARGET))).toBe(false);
  });

  it('begins from scratch and goes on after a kill with the same bits', async () => {
    const folder = tempFolder();
    const scratch = [
      'fromScratch=true',
      'learn={"projector":1e-3,"decoder":1e-3,"embeddings":1e-3,"tower":1e-3}',
    ];
    const settings = [
      ...shortTraining(folder),
      ...scratch,
      'steps=4',
      'batch=2',
      'checkpointEvery=1',
    ];
    const [killed, straight] = [join(folder, 'killed'), join(folder, 'straight')];
    const { child, until, outcome } = startMsd(['train', 'target', '--out', killed, ...settings]);
    await until('stderr', /step 1, held out|step 1\/4/);
    child.kill('SIGKILL');
    await outcome;
    await passMsd(['train', 'target', '--out', killed, ...settings]);
    await passMsd(['train', 'target', '--out', straight, ...settings]);
    const bytes = (dir: string) => readFileSync(join(dir, 'target', 'model.safetensors'));
    expect(bytes(killed).equals(bytes(straight))).toBe(true);
  });
});

describe('msd train recycled', () => {
  it('leaves a table that run begins with and says, and writes over none', async () => {
    const folder = tempFolder();
    const out = join(folder, 'table');
    const args = ['train', 'recycled', '--out', out, ...shortTraining(folder)];
    const { stdout, stderr } = await passMsd(args);
    const file = join(out, 'recycled.safetensors');
    expect(stdout.trim()).toBe(file);
    expect(stderr).toMatch(/^\d+ tokens of 40 dialogues; the target read \d+ of all 48 now$/m);
    expect(stderr).toMatch(/^table: (\d+) of \1 endings$/m);
    expect(stderr).toMatch(
      /^held out: 8 dialogues, \d\.\d+ tokens a pass of 8 rows, \d\.\d+ without/m,
    );
    expect(readdirSync(out)).toEqual(['recycled.safetensors']);

    const run = ['run', 'Spell the word light.', '--model', TARGET, '--max-tokens', '8'];
    const warm = await passMsd([...run, '--draft', out]);
    expect(warm.stderr).toMatch(/^recycles +.*recycled\.safetensors: \d+ endings of \d+ tokens, /m);
    expect(warm.stdout).toBe((await passMsd([...run, '--drafter', 'none'])).stdout);

    const again = await runMsd(args);
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('recycled.safetensors already');
  });
});
