import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TINY_DRAFT, TINY_TARGET } from '../../checkpoint/testing/tiny-pair.ts';
import { endWithThis } from '../../testing/end-with-this.ts';

const MAIN = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));
/** Costs that the loads of one test file share. */
const CACHE = mkdtempSync(join(tmpdir(), 'msd-cli-'));
process.on('exit', () => rmSync(CACHE, { recursive: true, force: true }));

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built program at work. */
export interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  /** When a stream has written what `pattern` matches. */
  readonly until: (stream: 'stdout' | 'stderr', pattern: RegExp) => Promise<void>;
  readonly outcome: Promise<Outcome>;
}

/** What runs where a test names no model. */
const TINY = { MSD_MODEL: TINY_TARGET, MSD_DRAFT: TINY_DRAFT };

/** Starts the built `msd`, as a user does. Its standard input stays open, and it ends when this process does. */
export function startMsd(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Running {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { ...process.env, XDG_CACHE_HOME: CACHE, ...TINY, ...env },
  });
  endWithThis(child);
  const written = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      written[name] += text;
    });
  }
  const outcome = new Promise<Outcome>((resolve) => {
    child.on('close', (code) => resolve({ code, ...written }));
  });
  const until = (name: 'stdout' | 'stderr', pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (pattern.test(written[name])) resolve();
      };
      look();
      child[name].on('data', look);
      child.on('close', () => reject(new Error(`${name} never had ${pattern}: ${written[name]}`)));
    });
  return { child, until, outcome };
}

/** Runs what has to go well, to its end. */
export async function passMsd(args: readonly string[], input = ''): Promise<Outcome> {
  const outcome = await runMsd(args, input);
  if (outcome.code === 0) return outcome;
  throw new Error(`msd ${args.join(' ')} exited with ${outcome.code}: ${outcome.stderr}`);
}

/** Runs it to its end. */
export function runMsd(args: readonly string[], input = ''): Promise<Outcome> {
  const { child, outcome } = startMsd(args);
  child.stdin.end(input);
  return outcome;
}
