import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as z from 'zod';
import type { Lab } from '../lab.ts';
import { type Line, most } from '../line.ts';

const CHILD = fileURLToPath(new URL('../timer-child.ts', import.meta.url));
const SECONDS = 3;

/** Whether the caller's thread stays free while the worker writes; in a fresh process, where nothing else runs. */
export async function freeThread(_lab: Lab): Promise<Line[]> {
  const args = ['--import', 'tsx', CHILD, String(SECONDS)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const report = z.object({ latest: z.number(), ticks: z.int(), tokens: z.int() });
  const { latest, ticks, tokens } = report.parse(JSON.parse(stdout));
  return [
    {
      what: 'lateness of a timer in the main thread, ms',
      against: `${SECONDS} s of answers by the worker`,
      bound: most(50),
      worst: Math.max(0, latest),
      count: ticks,
      unit: 'ticks',
      notes: [`${tokens} tokens were written meanwhile`],
    },
  ];
}
