/** A server outlives its engine's process. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { serveMsd } from './testing/serve-msd.ts';

const ASK = {
  ...{ messages: [{ role: 'user', content: 'Count from 3 to 10.' }], temperature: 0 },
};
const LONG = { ...ASK, ignore_eos: true, max_tokens: 900, msd: { plain: true } };

function childrenOf(pid: number): number[] {
  const found = execFileSync('sh', ['-c', `cat /proc/${pid}/task/*/children`], {
    encoding: 'utf8',
  });
  return found.trim().split(/\s+/).map(Number);
}

it.skipIf(process.platform !== 'linux')(
  'tells whoever it answered that its engine was killed, and answers the next by a new one',
  async () => {
    const server = await serveMsd();
    onTestFinished(() => void server.stop());
    const post = (body: object) =>
      fetch(`${server.url}/v1/chat/completions`, { method: 'POST', body: JSON.stringify(body) });
    const words = async (asked: Promise<Response>) =>
      ((await (await asked).json()) as { choices: [{ message: { content: string } }] }).choices[0]
        .message.content;
    const before = await words(post(ASK));

    const streamed = await post({ ...LONG, stream: true });
    const whole = post(LONG);
    const [engine] = childrenOf(server.pid).filter((pid) =>
      readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('child.js'),
    );
    process.kill(engine as number, 'SIGKILL');
    expect(await streamed.text()).toMatch(/event: error\ndata: .*"engine_lost"/);
    const told = await whole;
    expect(told.status).toBe(503);
    expect(told.headers.get('retry-after')).toBe('5');

    const ready = () => fetch(`${server.url}/ready`).then(({ status }) => status);
    await expect.poll(ready, { timeout: 20_000 }).toBe(200);
    expect(await words(post(ASK))).toBe(before);
    expect(server.log().map(({ msg }) => msg)).toContain('engine lost');
  },
);

it('ends its engine with itself', async () => {
  const server = await serveMsd();
  const children = childrenOf(server.pid);
  expect(await server.stop()).toBe(0);
  for (const pid of children) expect(() => process.kill(pid, 0)).toThrow();
});

it('leaves no engine behind where it is killed itself', async () => {
  const server = await serveMsd();
  const children = childrenOf(server.pid);
  process.kill(server.pid, 'SIGKILL');
  const gone = () => children.every((pid) => !isAlive(pid));
  await expect.poll(gone, { timeout: 10_000 }).toBe(true);
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
