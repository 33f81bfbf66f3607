import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { TINY_TARGET, tempFolder } from '../../checkpoint/testing/folders.ts';
import { passMsd, runMsd, startMsd } from '../testing/run-msd.ts';

const SLICE = fileURLToPath(new URL('../../../fixtures/tiny/train-slice', import.meta.url));

/** Arguments of an ablation that takes some seconds: eight arms of about 8 steps. */
function shortAblation(folder: string, kinds: readonly string[] = ['text', 'visual']): string[] {
  const write = (name: string, from: number, to: number): string => {
    const path = join(folder, name);
    const list = kinds.flatMap((kind) =>
      JSON.parse(readFileSync(join(SLICE, `train_${kind}.json`), 'utf8')).slice(from, to),
    );
    writeFileSync(path, JSON.stringify(list));
    return path;
  };
  return [
    ...['ablate', '--seeds', '1', '--prompts', '2', '--timed', '1'],
    `data.train=["${write('train.json', 0, 12)}"]`,
    `data.validation=["${write('held-out.json', 20, 23)}"]`,
    `data.imageRoot=${join(SLICE, 'images')}`,
    `model=${TINY_TARGET}`,
    ...['steps=8', 'batch=2', 'optimiser.rate=1e-3', 'threads=1', 'checkpointEvery=2'],
  ];
}

/** The numbers of a report that time and memory don't touch. */
function numbersOf(out: string): unknown {
  const timed = ['seconds', 'peakBytes', 'speedUp', 'speedUps', 'command'];
  return JSON.parse(readFileSync(join(out, 'ablation.json'), 'utf8'), (key, value) =>
    timed.includes(key) ? undefined : value,
  );
}

describe('msd ablate', () => {
  it('plans every run with its tokens and its time, and writes nothing', async () => {
    const folder = tempFolder();
    const args = shortAblation(folder);
    const before = readdirSync(folder);
    const { stdout } = await passMsd([...args, '--out', join(folder, 'out'), '--plan']);
    for (const arm of [
      'decoupled two-stage',
      'fused mixed',
      'text only',
      'pictures only',
      'block fused',
    ]) {
      expect(stdout).toMatch(new RegExp(`${arm} +0 +\\d+ +\\d+ +\\d+ % +\\d+ s`));
    }
    expect(stdout).toContain('8 runs take about');
    expect(readdirSync(folder)).toEqual(before);
  });

  it('trains and measures eight arms; killed on the way, it ends with the same numbers', async () => {
    const folder = tempFolder();
    const args = shortAblation(folder);
    const [killed, straight] = [join(folder, 'killed'), join(folder, 'straight')];
    for (const moment of [/run 2 of 8/, /run 4 of 8/]) {
      const { child, until, outcome } = startMsd([...args, '--out', killed]);
      await until('stderr', moment);
      child.kill('SIGKILL');
      await outcome;
      expect(existsSync(join(killed, 'ablation.json')), 'no report before the end').toBe(false);
    }
    const resumed = await passMsd([...args, '--out', killed]);
    expect(resumed.stderr, 'the first is not trained again').toMatch(
      /run 1 of 8: decoupled two-stage, seed 0, goes on after step 8/,
    );
    const { stdout } = await passMsd([...args, '--out', straight]);
    expect(numbersOf(killed)).toEqual(numbersOf(straight));

    expect(stdout).toMatch(/decoupled two-stage +\d\.\d\d \[/);
    expect(stdout).toMatch(/^Not (trained|converged), and so not counted: /m);
    expect(stdout, 'nothing is shared out').not.toContain('What each idea adds');
    const page = readFileSync(join(straight, 'ablation.html'), 'utf8');
    expect(page.match(/<svg /g), 'dots, training and validation').toHaveLength(3);
    const report = readFileSync(join(straight, 'ablation.md'), 'utf8');
    expect(report).toContain('| text only |');
    expect(report, 'a command that a shell reads').toContain(`\nmsd ablate `);
    expect(report).toContain(`'data.train=[`);
  }, 300_000);

  it('stopped by Ctrl-C saves, exits with 130 and says how to go on', async () => {
    const folder = tempFolder();
    const args = [...shortAblation(folder), '--out', join(folder, 'out')];
    const { child, until, outcome } = startMsd([...args, 'steps=5000']);
    await until('stderr', /step \d+\/5000/);
    child.kill('SIGINT');
    const { code, stderr } = await outcome;
    expect(code).toBe(130);
    expect(stderr).toContain('the same command goes on from here');
    expect(existsSync(join(folder, 'out/runs/decoupled-two-stage-0/draft'))).toBe(false);
  });

  it('refuses data of one kind, and a length that is not said', async () => {
    const folder = tempFolder();
    const out = ['--out', join(folder, 'out')];
    const lacking = await runMsd([...shortAblation(folder, ['text']), ...out]);
    expect(lacking.code).toBe(2);
    expect(lacking.stderr).toContain('needs dialogues with and without pictures');
    const endless = await runMsd(['ablate', 'data.train=["x.json"]', ...out]);
    expect(endless.code).toBe(2);
    expect(endless.stderr).toContain('steps=3000');
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });
});
