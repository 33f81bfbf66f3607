import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { endWithThis } from '../../src/testing/end-with-this.ts';

/** How llama.cpp's server is started. */
export interface LlamaSetting {
  readonly name: string;
  readonly flags: readonly string[];
}

export interface LlamaServer {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Milliseconds in which it has to be ready. */
const READY = 120_000;

/** Starts llama.cpp's server at a free port of this machine, and waits until it answers. */
export async function startLlamaServer(
  program: string,
  gguf: string,
  { flags }: LlamaSetting,
): Promise<LlamaServer> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(
    program,
    ['-m', gguf, '--host', '127.0.0.1', '--port', String(port), '--no-webui', ...flags],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  endWithThis(child);
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-2000);
  });
  const ended = once(child, 'exit');
  const latest = performance.now() + READY;
  while (!(await answers(url))) {
    if (child.exitCode !== null || child.signalCode !== null || performance.now() > latest) {
      child.kill();
      throw new Error(`${program} is not ready: ${said}`);
    }
    await sleep(100);
  }
  return {
    url,
    async stop() {
      child.kill();
      await ended;
    },
  };
}

const answers = (url: string): Promise<boolean> =>
  fetch(`${url}/health`).then(
    ({ ok }) => ok,
    () => false,
  );

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('There is no free port.');
  return address.port;
}
