import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as z from 'zod';
import type { Check } from './check.ts';

const schema = z.object({
  checks: z.tuple([
    z.object({
      name: z.string(),
      status: z.enum(['ok', 'warn', 'fail']),
      detail: z.string(),
      advice: z.string(),
    }),
  ]),
});

/**
 * Runs one check in a process of its own: what drivers and libraries write by themselves is not shown, and a crash of
 * theirs is a line like others.
 */
export async function checkApart(only: string, crashed: Check): Promise<Check> {
  const program = process.argv[1] ?? '';
  const args = [...process.execArgv, program, 'doctor', '--json', '--only', only];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, args);
    return schema.parse(JSON.parse(stdout)).checks[0];
  } catch (cause) {
    const signal = cause instanceof Error && 'signal' in cause ? cause.signal : undefined;
    const how = typeof signal === 'string' ? `was ended by ${signal}` : 'ended without an answer';
    return { ...crashed, detail: `${crashed.detail} ${how}` };
  }
}
