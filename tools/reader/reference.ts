import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { CheckFailure } from '../python/check-failure.ts';
import type { Said } from './report.ts';

const said = z.object({ text: z.string(), pieces: z.array(z.string()), ms: z.number() });

/** The published pipeline, in a process of its own. */
export function startReference(python: string) {
  const worker = fileURLToPath(new URL('reference.py', import.meta.url));
  const child = spawn(python, [worker], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async read(path: string): Promise<Said> {
      child.stdin.write(`${path}\n`);
      const { value, done } = await lines.next();
      if (done) throw new CheckFailure('The Python side gave up; see above.');
      return said.parse(JSON.parse(value));
    },
    close: () => child.stdin.end(),
  };
}
