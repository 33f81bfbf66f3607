/**
 * `npm run check:clients`: openai-python and LangChain against the built `msd serve`, over a template with a place for tools.
 * Exits 1 where a check fails. Needs a Python with `tools/serve/requirements.txt`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Command } from '@commander-js/extra-typings';
import { z } from 'zod';
import { hermesTiny } from '../../src/calls/testing/hermes-tiny.ts';
import { serveMsd } from '../../src/serve/testing/serve-msd.ts';

const { python } = new Command('check:clients')
  .description("Asks a server as openai-python and LangChain's ChatOpenAI do.")
  .requiredOption('--python <path>', 'a Python that has tools/serve/requirements.txt')
  .parse()
  .opts();

const WORKER = fileURLToPath(new URL('clients.py', import.meta.url));
const line = z.object({ check: z.string(), problem: z.string().nullable() });

const folder = hermesTiny();
const server = await serveMsd([
  ...['--model', folder, '--draft', 'models/tiny/draft', '--name', 'tools'],
]);
const child = spawn(python, [WORKER, server.url, 'fixtures/tiny/images/square.png'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const exit = once(child, 'exit');
let [passed, failed] = [0, 0];
for await (const text of createInterface(child.stdout)) {
  const { check, problem } = line.parse(JSON.parse(text));
  if (problem === null) passed += 1;
  else failed += 1;
  process.stdout.write(`${check.padEnd(18)} ${problem ?? 'as with OpenAI'}\n`);
}
const [code] = await exit;
await server.stop();
rmSync(folder, { recursive: true });
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = code === 0 && failed === 0 && passed > 0 ? 0 : 1;
