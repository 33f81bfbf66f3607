import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import type { Variables } from '../../src/input/template/testing/snippets.ts';
import { CheckFailure } from '../python/check-failure.ts';

const WORKER = fileURLToPath(new URL('worker.py', import.meta.url));

const hello = z.object({ versions: z.string() });
const answer = z.union([z.object({ text: z.string() }), z.object({ error: z.string() })]);

/** What jinja2 writes, or what it raises. */
export type Theirs = z.infer<typeof answer>;

/** jinja2, set up by Hugging Face's own code. */
export interface Jinja2 {
  readonly versions: string;
  render(template: string, variables: Variables): Promise<Theirs>;
  close(): Promise<void>;
}

/** @throws CheckFailure if it ends by itself; what it said stands on standard error */
export async function openJinja2(python: string): Promise<Jinja2> {
  const child = spawn(python, [WORKER], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  child.stdin.on('error', () => {}); // it ended: the missing reply tells
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const reply = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    if (done) throw new CheckFailure('jinja2 gave up; see above.');
    return JSON.parse(value);
  };
  return {
    versions: hello.parse(await reply()).versions,
    async render(template, variables) {
      child.stdin.write(`${JSON.stringify({ template, variables })}\n`);
      return answer.parse(await reply());
    },
    async close() {
      child.stdin.end();
      await exit;
    },
  };
}
