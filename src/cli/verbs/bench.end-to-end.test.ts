import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TINY_DRAFT, TINY_TARGET } from '../../checkpoint/testing/tiny-pair.ts';

const program = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'msd-bench-'));
});
afterAll(() => rm(folder, { recursive: true }));

const TINY = { MSD_MODEL: TINY_TARGET, MSD_DRAFT: TINY_DRAFT };

/** Runs `msd bench` as built; `meanwhile` may act on it while it runs. */
function bench(options: readonly string[], meanwhile: (child: ChildProcess) => void = () => {}) {
  const child = spawn(process.execPath, [program, 'bench', ...options], {
    env: { ...process.env, XDG_CACHE_HOME: join(folder, 'cache'), ...TINY },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  meanwhile(child);
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

it('measures by the embedded prompts, lossless, and shows a table', async () => {
  const { code, stdout, stderr } = await bench(['--pairs', '1']);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^prompts +12, of them 6 with pictures$/m);
  expect(stdout).toMatch(/^msd\+recycled +auto .* equal$/m);
});

it('compares drafters and trees over given prompts, prints one JSON object and keeps it', async () => {
  const prompts = join(folder, 'prompts.jsonl');
  await writeFile(prompts, '{"prompt": "Count from 3 to 10."}\n{"prompt": "What is 3 plus 4?"}\n');
  const out = join(folder, 'reports', 'report.json');
  const drafters = ['--drafter', 'msd', '--drafter', 'prompt-lookup'];
  const trees = ['--tree', 'auto', '--tree', '59,5,10'];
  const options = ['--pairs', '2', '--temperature', '0.7', '--seed', '3', '--json'];
  const { code, stdout } = await bench([
    ...['--prompts', prompts, '--out', out],
    ...[...drafters, ...trees, ...options],
  ]);
  expect(code).toBe(0);
  const report = JSON.parse(stdout);
  const names = report.variants.map((variant: { drafter: string; tree: string }) => [
    variant.drafter,
    variant.tree,
  ]);
  expect(names).toEqual([
    ['msd', 'auto'],
    ['msd', '59,5,10'],
    ['prompt-lookup', 'auto'],
    ['prompt-lookup', '59,5,10'],
  ]);
  expect(report).toMatchObject({ ended: 'complete', lossless: true });
  expect(report.variants[1].pairs).toHaveLength(4);
  expect(await readFile(out, 'utf8'), 'the file').toBe(stdout);
  expect(await readdir(join(folder, 'reports')), 'nothing beside it').toEqual(['report.json']);
});

it('prints what was measured when it is interrupted, and exits with 130', async () => {
  const { code, stdout } = await bench(['--pairs', '100000', '--json'], (child) => {
    setTimeout(() => child.kill('SIGINT'), 3000);
  });
  expect(code).toBe(130);
  expect(JSON.parse(stdout).ended).toBe('interrupted');
});

it('names a prompts file that is not there before it loads anything', async () => {
  const { code, stdout, stderr } = await bench(['--prompts', join(folder, 'none.jsonl')]);
  expect(code).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toContain('none.jsonl: there is no such file');
});

it('tells published sets by task, and writes a page and a line for every pair', async () => {
  const prompts = join(folder, 'question.jsonl');
  const questions = [
    { question_id: 1, category: 'maths', turns: ['Count from 3 to 10.', 'And on?'] },
    { question_id: 2, category: 'colours', turns: ['What do red and white make?'] },
  ];
  await writeFile(prompts, questions.map((question) => `${JSON.stringify(question)}\n`).join(''));
  const [html, csv] = [join(folder, 'bench.html'), join(folder, 'pairs.csv')];
  const options = ['--pairs', '1', '--max-tokens', '8', '--html', html, '--csv', csv];
  const { code, stdout } = await bench(['--prompts', prompts, ...options]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^maths +msd\+recycled +auto +1 +1 .* equal$/m);
  expect(stdout).toMatch(/^colours +msd\+recycled/m);
  expect(await readFile(html, 'utf8')).toMatch(/^<!doctype html>.*<svg.*colours/s);
  expect((await readFile(csv, 'utf8')).trimEnd().split('\r\n')).toHaveLength(3);
});

it('prices a draft that is played, says so everywhere, and writes plain text', async () => {
  const [html, csv] = [join(folder, 'played.html'), join(folder, 'played.csv')];
  const played = ['--acceptance', '0.9,0.8,0.7', '--tree', '4,2,1'];
  const { code, stdout } = await bench([...played, '--pairs', '1', '--html', html, '--csv', csv]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^SYNTHETIC +the draft "synthetic" .*0\.9, 0\.8, 0\.7 by depth/m);
  expect(stdout).toMatch(/^synthetic +4,2,1 .* equal$/m);
  expect(await readFile(html, 'utf8')).toContain('SYNTHETIC: the draft');
  expect(await readFile(csv, 'utf8')).toMatch(/^synthetic,"?4,2,1/m);
  const [first = '', second = ''] = [...stdout.matchAll(/^ +[12] +\d+ .*$/gm)].map(([row]) => row);
  const kept = [first, second].map((row) => Number(row.match(/([\d.]+)$/)?.[1]));
  expect(kept[0], 'tokens of the first depth').toBeGreaterThan(0.75);
  expect(kept[1], 'tokens of the second depth').toBeGreaterThan(0.5);
});

it('refuses to compare answers about pictures with engines that are given words alone', async () => {
  const { code, stdout, stderr } = await bench(['--against', 'hf']);
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toContain('prompts without pictures');
});

it('times plain decoding behind texts', async () => {
  const prompts = join(folder, 'one.jsonl');
  await writeFile(prompts, '{"prompt": "Count from 3 to 10."}\n');
  const options = ['--prompts', prompts, '--pairs', '1', '--contexts', '64,96,128', '--json'];
  const { stdout } = await bench(options);
  const { contexts } = JSON.parse(stdout);
  const lengths = contexts.costs.map(({ tokens }: { tokens: number }) => tokens);
  expect(lengths).toHaveLength(3);
  for (const [at, most] of [64, 96, 128].entries()) {
    expect(lengths[at]).toBeLessThanOrEqual(most);
    expect(lengths[at]).toBeGreaterThan(most - 12);
  }
});
