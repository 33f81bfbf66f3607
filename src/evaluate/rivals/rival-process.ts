import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type * as z from 'zod';
import { ProgramError } from '../../contracts/errors.ts';
import type { Rival, RivalOpening } from './rival.ts';
import { rivalAnswer, rivalHello } from './rival-messages.ts';

/** A process of its own, so that it shares no threads with us; it works only while it is asked. */
export interface RivalProcess {
  readonly rivals: readonly Rival[];
  close(): Promise<void>;
}

/** Of what such a process says on standard error, what an error quotes. */
const QUOTED = 2000;

/**
 * Opens another engine behind a program that speaks lines of JSON: it is given its opening, and says hello with its ways
 * of decoding; then each request `{way, prompt, maxTokens}` is answered. It ends when its input does.
 * @throws ProgramError if it ends by itself or says something else, with the last that it said on standard error
 */
export async function openRivalProcess(
  command: readonly [string, ...string[]],
  opening: RivalOpening & object,
): Promise<RivalProcess> {
  const [program, ...args] = command;
  // In a group of its own: Ctrl-C ends the bench, which ends it.
  const child = spawn(program, args, { stdio: 'pipe', detached: true, windowsHide: true });
  let said = '';
  child.stderr.on('data', (text) => {
    said = (said + text).slice(-QUOTED);
  });
  child.stdin.on('error', () => {}); // it ended: the missing reply tells
  const failed = once(child, 'error').then(([error]) => error as Error);
  const closed = once(child, 'close').catch(() => {});
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();

  const reply = async <T>(schema: z.ZodType<T>): Promise<T> => {
    const next = await Promise.race([lines.next(), failed]);
    if (next instanceof Error)
      throw new ProgramError(program, "it can't be run; install it.", { cause: next });
    const read = next.done ? undefined : schema.safeParse(json(next.value));
    if (read?.success) return read.data;
    const what = next.done ? 'it ended by itself' : `it said ${next.value.slice(0, 200)}`;
    child.stdin.end();
    if (next.done) await closed;
    throw new ProgramError(program, `${what}${said.trim() === '' ? '.' : `: ${said.trim()}`}`);
  };
  const ask = <T>(request: object, schema: z.ZodType<T>): Promise<T> => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    return reply(schema);
  };

  const { ways, tried } = await ask(opening, rivalHello);
  return {
    rivals: ways.map((one, way) => ({
      ...one,
      tried,
      answer: (prompt, maxTokens) => ask({ way, prompt, maxTokens }, rivalAnswer),
    })),
    async close() {
      child.stdin.end();
      await closed;
    },
  };
}

function json(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
