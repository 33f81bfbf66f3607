import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { ProgramError } from '../../contracts/errors.ts';

/** @throws ProgramError if it fails; what it said stands on standard error */
export async function runProgram(command: string, args: readonly string[]): Promise<void> {
  const code = await exitCode(command, args);
  if (code !== 0) throw new ProgramError(command, `\`${args.join(' ')}\` failed; see above.`);
}

/** What it says goes to standard error, so that output stays what the caller prints. */
export async function exitCode(command: string, args: readonly string[]): Promise<number | null> {
  const child = spawn(command, args, { stdio: ['ignore', process.stderr, process.stderr] });
  try {
    const [code] = await once(child, 'close');
    return code;
  } catch (cause) {
    throw new ProgramError(command, "it can't be run; install it.", { cause });
  }
}
