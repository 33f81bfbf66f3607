/**
 * `npm run check:clients`: LangChain.js, and with `--python` openai-python and its LangChain, against the built `msd serve`,
 * over a template with a place for tools. Exits 1 where a check fails. Installs LangChain.js the first time.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Command } from '@commander-js/extra-typings';
import * as z from 'zod';
import { hermesTiny } from '../../src/calls/testing/hermes-tiny.ts';
import { cacheFolder } from '../../src/engine/node/cache-folder.ts';
import { serveMsd } from '../../src/serve/testing/serve-msd.ts';
import { langChainChecks, openLangChain } from './langchain.ts';

const { python } = new Command('check:clients')
  .description("Asks a server as LangChain.js, openai-python and LangChain's ChatOpenAI do.")
  .option('--python <path>', 'a Python that has tools/serve/requirements.txt')
  .parse()
  .opts();

const WORKER = fileURLToPath(new URL('clients.py', import.meta.url));
const line = z.object({ check: z.string(), problem: z.string().nullable() });

const PICTURE = 'fixtures/tiny/images/square.png';

let [passed, failed] = [0, 0];
const tell = (check: string, problem: string | null) => {
  if (problem === null) passed += 1;
  else failed += 1;
  process.stdout.write(`${check.padEnd(22)} ${problem ?? 'as with OpenAI'}\n`);
};

async function askFromPython(program: string, url: string): Promise<void> {
  const child = spawn(program, [WORKER, url, PICTURE], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  for await (const text of createInterface(child.stdout)) {
    const { check, problem } = line.parse(JSON.parse(text));
    tell(check, problem);
  }
  const [code] = await exit;
  if (code !== 0) tell('Python', `ended with ${code}`);
}

async function askFromLangChain(url: string): Promise<void> {
  const say = (text: string) => void process.stderr.write(`${text}\n`);
  const open = await openLangChain(cacheFolder(), url, 'tools', say);
  for (const [name, check] of Object.entries(langChainChecks(open, PICTURE))) {
    await check().then(
      () => tell(name, null),
      (error: unknown) => tell(name, String(error)),
    );
  }
}

const folder = hermesTiny();
const server = await serveMsd([
  ...['--model', folder, '--draft', 'models/tiny/draft', '--name', 'tools'],
]);
await askFromLangChain(server.url);
if (python !== undefined) await askFromPython(python, server.url);
await server.stop();
rmSync(folder, { recursive: true });
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
