/**
 * `npm run bench:memory`: the peak that `--plan` promises for a training beside what the process then takes, and what
 * recomputation saves. Each row plans in one process and trains in another, so that neither pays for the other.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { textColumns } from '../../src/evaluate/text-columns.ts';
import type { Figures, Job } from './measure.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const slice = join(root, 'fixtures/tiny/train-slice');
const tiny = join(root, 'models/tiny/target');
const scratch = mkdtempSync(join(tmpdir(), 'msd-memory-'));

/** The tiny target's folder without weights, its decoder of another size. */
function resized(name: string, sizes: Readonly<Record<string, number>>): string {
  const dir = join(scratch, name);
  mkdirSync(dir);
  for (const file of readdirSync(tiny)) {
    if (!file.endsWith('.safetensors')) cpSync(join(tiny, file), join(dir, file));
  }
  const config = JSON.parse(readFileSync(join(dir, 'config.json'), 'utf8'));
  Object.assign(config.text_config, sizes);
  writeFileSync(join(dir, 'config.json'), JSON.stringify(config));
  return dir;
}

const data = {
  train: [join(slice, 'train_text.json'), join(slice, 'train_visual.json')],
  imageRoot: join(slice, 'images'),
  validation: [],
  validationShare: 0.1,
};
const learn = { projector: 1e-3, tower: 1e-4, decoder: 1e-4, embeddings: 1e-4 };
const target = { data, learn, batch: 32, threads: 2, steps: 10 };
const wide = resized('wide', {
  hidden_size: 512,
  intermediate_size: 1376,
  num_hidden_layers: 8,
  num_attention_heads: 8,
  num_key_value_heads: 8,
  head_dim: 64,
});
const large = { ...target, model: wide, fromScratch: true, steps: 4 };

const JOBS: Readonly<Record<string, Job>> = {
  'draft, tiny, batch 8': { trains: 'draft', config: { data, batch: 8, threads: 2, steps: 400 } },
  'target, tiny, batch 32': { trains: 'target', config: { ...target, model: tiny } },
  'the same, recomputed': {
    trains: 'target',
    config: { ...target, model: tiny, recompute: true },
  },
  'target, 8 layers of 512, batch 32': { trains: 'target', config: large },
  'the same, recomputed ': { trains: 'target', config: { ...large, recompute: true } },
};

const STDIO: ('ignore' | 'pipe' | 'inherit')[] = ['ignore', 'pipe', 'inherit'];
const measure = fileURLToPath(new URL('measure.ts', import.meta.url));

function figuresOf(job: Job, mode: 'plan' | 'train'): Figures {
  const out = mkdtempSync(join(scratch, 'run-'));
  const asked = JSON.stringify({ ...job, mode, out });
  const command = ['tsx', measure, asked];
  const answer = execFileSync('npx', command, { cwd: root, encoding: 'utf8', stdio: STDIO });
  return JSON.parse(answer);
}

const mebibytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`;
const lines = [['training', 'planned', 'measured', 'off by', 'a step']];
for (const [name, job] of Object.entries(JOBS)) {
  process.stderr.write(`${name.trim()} …\n`);
  const { peakBytes: planned } = figuresOf(job, 'plan');
  const { peakBytes: measured, stepMs } = figuresOf(job, 'train');
  const off = `${((planned / measured - 1) * 100).toFixed(0)} %`;
  lines.push([
    name.trim(),
    mebibytes(planned),
    mebibytes(measured),
    off,
    `${stepMs.toFixed(0)} ms`,
  ]);
}
process.stdout.write(`${textColumns(lines, [0]).join('\n')}\n`);
