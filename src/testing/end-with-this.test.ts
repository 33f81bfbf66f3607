import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const MODULE = fileURLToPath(new URL('end-with-this.ts', import.meta.url));
/** Starts a child that runs on, tells its id, and does so itself. */
const PARENT = `
  import { spawn } from 'node:child_process';
  import { endWithThis } from ${JSON.stringify(MODULE)};
  const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
  endWithThis(child);
  process.stdout.write(child.pid + '\\n');
  setInterval(() => {}, 1000);
`;

const lives = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

it.each(['SIGKILL', 'SIGTERM'] as const)('ends a child whose parent ends by %s', async (signal) => {
  const parent = spawn(
    process.execPath,
    ['--import', 'tsx', '--input-type', 'module', '-e', PARENT],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [told] = await once(parent.stdout.setEncoding('utf8'), 'data');
  const pid = Number(told);
  expect(lives(pid), 'the child runs').toBe(true);
  parent.kill(signal);
  for (let tries = 0; lives(pid) && tries < 100; tries += 1) await sleep(50);
  expect(lives(pid), 'the child still runs').toBe(false);
});
