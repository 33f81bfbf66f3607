import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataFile } from '../../train/harvest/testing/tiny-harvest.ts';
import { passMsd, type Running, runMsd, startMsd } from '../testing/run-msd.ts';

const folder = mkdtempSync(join(tmpdir(), 'msd-harvest-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

/** 120 dialogues, sampled, so that a wrong seed would show. */
const DATA = [dataFile('val_visual'), '--limit', '120'];
const SAMPLING = ['--temperature', '1', '--seed', '3', '--max-tokens', '48', '--threads', '1'];
const harvestTo = (out: string, ...more: string[]) =>
  ['harvest', ...DATA, ...SAMPLING, '--out', out, '--save-every', '0.1', ...more] as const;

const partsOf = (out: string): string[] =>
  existsSync(`${out}.parts`)
    ? readdirSync(`${out}.parts`).filter((name) => /^part-\d+\.jsonl$/.test(name))
    : [];

/** Waits until a run has saved more parts than `before`; false if it ended first. */
async function savedMore(running: Running, out: string, before: number): Promise<boolean> {
  let ended = false;
  void running.outcome.then(() => {
    ended = true;
  });
  while (!ended && partsOf(out).length <= before) await setTimeout(5);
  return !ended;
}

let whole: string; // of a run that nothing stopped
beforeAll(async () => {
  const out = at('whole.jsonl');
  const { stdout, stderr } = await passMsd(harvestTo(out, '--batch', '16'));
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^model .*fp32 \(weights F32\)$/m);
  expect(stderr).toMatch(/^runs +on cpu, 1 thread, 16 dialogues at a time$/m);
  expect(stderr).toMatch(/^tokens +temperature 1, seed 3; at most 48 an answer$/m);
  expect(stderr).toMatch(/^asks +\d+ turns of 120 dialogues, 120 with pictures$/m);
  expect(stderr).toMatch(/whole\.jsonl: \d+ answers in \d+ dialogues, \d+ tokens/);
  whole = readFileSync(out, 'utf8');
  expect(readdirSync(folder), 'nothing beside the file').toEqual(['whole.jsonl']);
}, 60_000);

describe('a harvest that is stopped', () => {
  it('goes on after kill -9, time and again, and gives the same file to the bit', async () => {
    const out = at('killed.jsonl');
    let kills = 0;
    for (const batch of ['3', '8', '5', '16']) {
      const before = partsOf(out).length;
      const running = startMsd(harvestTo(out, '--batch', batch));
      if (!(await savedMore(running, out, before))) break;
      await setTimeout(Math.random() * 60);
      running.child.kill('SIGKILL');
      await running.outcome;
      kills++;
      expect(existsSync(out)).toBe(false);
      expect(partsOf(out).length).toBeGreaterThan(before);
    }
    expect(kills).toBeGreaterThan(1);
    const { stderr } = await passMsd(harvestTo(out, '--batch', '4'));
    expect(stderr).toMatch(/^before +\d+ dialogues answered, not asked again$/m);
    expect(readFileSync(out, 'utf8')).toBe(whole);
    expect(existsSync(`${out}.parts`)).toBe(false);
  });

  it('keeps what is answered at Ctrl-C, and says how to go on', async () => {
    const out = at('stopped.jsonl');
    let kept = 0;
    for (let wait = 1000; kept === 0 && wait < 20_000; wait *= 2) {
      const running = startMsd(harvestTo(out, '--save-every', '1000'));
      await running.until('stderr', /^asks/m);
      await setTimeout(wait); // until some are answered, which a busy machine takes longer for
      running.child.kill('SIGINT');
      const { code, stderr } = await running.outcome;
      expect(code).toBe(130);
      const [, count] =
        /^stopped: (\d+) of 120 dialogues .* run the same command/m.exec(stderr) ?? [];
      kept = Number(count);
    }
    expect(kept).toBeGreaterThan(0);
    expect(partsOf(out)).toEqual(['part-00001.jsonl']);

    const other = await runMsd(harvestTo(out, '--top-k', '5'));
    expect(other.code).toBe(1);
    expect(other.stderr).toContain('top-k (was 0, is 5)');

    const { stderr: again } = await passMsd(harvestTo(out));
    expect(again).toMatch(new RegExp(`^before +${kept} dialogue`, 'm'));
    expect(readFileSync(out, 'utf8')).toBe(whole);
  });

  it('never writes over a file of someone else, but knows its own', async () => {
    const out = at('late.jsonl');
    const running = startMsd(harvestTo(out));
    await savedMore(running, out, 0);
    running.child.kill('SIGINT');
    await running.outcome;
    writeFileSync(out, 'mine');
    const refused = await runMsd(harvestTo(out));
    expect(refused.stderr).toContain('late.jsonl is there already');
    expect(readFileSync(out, 'utf8')).toBe('mine');

    // As a kill leaves it between the file's last step and the removal of the parts.
    writeFileSync(join(`${out}.parts`, 'part-90000.jsonl'), whole);
    writeFileSync(out, whole);
    await passMsd(harvestTo(out));
    expect(readFileSync(out, 'utf8')).toBe(whole);
    expect(existsSync(`${out}.parts`)).toBe(false);
  });

  it('is left to the process that works on it', async () => {
    const out = at('twice.jsonl');
    const running = startMsd(harvestTo(out));
    await running.until('stderr', /^asks/m);
    const second = await runMsd(harvestTo(out));
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(/process \d+ on .* works in this folder/);
    expect((await running.outcome).code).toBe(0);
    expect(readFileSync(out, 'utf8')).toBe(whole);
  });
});

describe('records that can’t be asked', () => {
  const data = at('data.jsonl');
  const ask = (out: string, ...more: string[]) => ['harvest', data, '--out', at(out), ...more];
  beforeAll(() => {
    const user = (content: string) => JSON.stringify({ messages: [{ role: 'user', content }] });
    const long = user('a '.repeat(3000));
    writeFileSync(data, [user('Count from 3 to 10.'), long, user('Hi')].join('\n'));
  });

  it('stop a harvest, named, unless they may be skipped: then it goes on', async () => {
    const { code, stderr } = await runMsd(ask('named.jsonl'));
    expect(code).toBe(1);
    expect(stderr).toMatch(/data\.jsonl, record 1: The prompt has \d+ tokens/);
    expect(stderr).toContain('--skip-bad');
    const { stderr: skipped } = await passMsd(ask('named.jsonl', '--skip-bad'));
    expect(skipped).toMatch(/^left out: .*data\.jsonl, record 1: The prompt has \d+ tokens/m);
    const lines = readFileSync(at('named.jsonl'), 'utf8').trimEnd().split('\n');
    const records = lines.map((line) => JSON.parse(line));
    expect(records.map(({ harvest }) => harvest.record)).toEqual([0, 2]);
    expect(records[0].messages[1]).toEqual({
      role: 'assistant',
      content: '3, 4, 5, 6, 7, 8, 9, 10.',
    });
  });

  it('are found broken before anything is loaded', async () => {
    writeFileSync(at('broken.jsonl'), '{"messages": []}\n{"messages": [\n');
    const given = ['harvest', at('broken.jsonl'), '--out', at('never.jsonl')];
    const { code, stderr } = await runMsd(given);
    expect(code).toBe(1);
    expect(stderr).toContain('broken.jsonl, record 1: it is not valid JSON');
    expect(existsSync(at('never.jsonl.parts'))).toBe(false);
  });
});

it.each([
  [['--batch', '0'], '--batch must be from 1 to 1024'],
  [['--limit', '0'], '--limit must be at least 1'],
  [['--top-p', '2'], '--top-p must be a number above 0'],
  [['--turns', 'last'], 'Allowed choices are all, first'],
  [['--out', at('whole.jsonl')], 'is there already'],
])('refuses %j and says what it takes', async (more, reason) => {
  const { code, stderr } = await runMsd(harvestTo(at('x.jsonl'), ...more));
  expect(code).toBe(2);
  expect(stderr).toContain(reason);
});
