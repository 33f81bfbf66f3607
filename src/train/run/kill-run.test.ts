import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { tempFolder } from '../../checkpoint/testing/folders.ts';
import type { TrainingState } from './checkpoint.ts';
import { readMetrics } from './metrics.ts';
import { openRun } from './open-run.ts';
import { options, PROVENANCE } from './testing/run-fixtures.ts';
import { trainToy } from './testing/toy-training.ts';

const ENDLESS = fileURLToPath(new URL('./testing/endless-run.ts', import.meta.url));
const KILLS = 20;
const OURS =
  /^(metrics\.jsonl|provenance\.json|checkpoints(\/step-\d+(\/state\.(json|safetensors))?)?)$/;

/**
 * Lets a process train in `dir` until it told of some checkpoints, the one that it goes on from included, and some
 * milliseconds more, kills it, and says which one it told of last.
 */
async function trainAndKill(
  dir: string,
  checkpoints: number,
  milliseconds: number,
): Promise<number> {
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', ENDLESS, dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout?.on('data', (text) => {
    printed += text;
  });
  const ended = once(child, 'close');
  while (printed.split('\n').length <= checkpoints) {
    await Promise.race([once(child.stdout as NonNullable<typeof child.stdout>, 'data'), ended]);
    if (child.exitCode !== null) break;
  }
  await setTimeout(milliseconds);
  child.kill('SIGKILL');
  expect(await ended, 'the process ended by itself').toEqual([null, 'SIGKILL']);
  const told = printed.split('\n').slice(0, -1).map(Number);
  return told.at(-1) ?? 0;
}

const hashesOf = ({ tensors }: TrainingState) =>
  Object.fromEntries(
    [...tensors].map(([name, { data }]) => [name, createHash('sha256').update(data).digest('hex')]),
  );

it(`a run killed ${KILLS} times loses nothing before its last checkpoint, and ends as one never stopped`, async () => {
  const dir = join(tempFolder(), 'killed');
  let reached = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const told = await trainAndKill(dir, 1 + (kill % 2), Math.random() * 60); // every other goes on by a checkpoint at least
    const run = await openRun(dir, PROVENANCE, options());
    await run.close();
    reached = run.resumeFrom?.step ?? 0;
    expect(reached).toBeGreaterThanOrEqual(told);
    const names = readdirSync(dir, { recursive: true, encoding: 'utf8' });
    expect(names.filter((name) => !OURS.test(name))).toEqual([]);
  }
  const steps = reached + 10;
  const straight = join(tempFolder(), 'straight');
  const [resumed, never] = [
    await trainToy(dir, steps, 3, () => {}),
    await trainToy(straight, steps, steps, () => {}),
  ];
  expect(reached, 'checkpoints were made').toBeGreaterThan(KILLS);
  expect(hashesOf(resumed)).toEqual(hashesOf(never));
  expect(resumed.counters).toEqual(never.counters);
  const withoutSeconds = async (of: string) =>
    (await readMetrics(of)).map((record) => ({ ...record, seconds: 0 }));
  expect(await withoutSeconds(dir)).toEqual(await withoutSeconds(straight));
}, 300_000);
