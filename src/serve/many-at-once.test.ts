import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { MsdServer } from './create-server.ts';
import {
  CHAT,
  chat,
  LONG_CHAT,
  refusal,
  slowEngine,
  statusOf,
  textOf,
  toyServer,
} from './testing/toy-server.ts';

/** Asks without waiting; what it is told is nobody's concern. */
function start(server: MsdServer, body: object = LONG_CHAT): AbortController {
  const gone = new AbortController();
  chat(server, body, { signal: gone.signal })
    .then((response) => response.text())
    .catch(() => {});
  return gone;
}

const settles = (server: MsdServer, running: number, waiting: number) =>
  expect
    .poll(async () => {
      const status = await statusOf(server);
      return [status.running, status.waiting];
    })
    .toEqual([running, waiting]);

describe('more requests than run at a time', () => {
  it('wait, up to a limit, beyond which clients hear when to ask again', async () => {
    const server = await toyServer({ parallel: 1, queue: 1 }, slowEngine());
    start(server);
    await settles(server, 1, 0);
    start(server);
    await settles(server, 1, 1);
    expect(await refusal(chat(server, CHAT))).toMatchObject({
      ...{ status: 429, type: 'rate_limit_error', code: 'queue_full', retryAfter: '2' },
    });
  });

  it('wait no longer than they may', async () => {
    const server = await toyServer({ parallel: 1, queueSeconds: 0.05 }, slowEngine());
    start(server);
    await settles(server, 1, 0);
    expect(await refusal(chat(server, CHAT))).toMatchObject({ status: 503, code: 'queue_timeout' });
    await settles(server, 1, 0);
  });

  it('run in turn', async () => {
    const server = await toyServer({ parallel: 1 }, slowEngine(1));
    const alone = await textOf(chat(server, CHAT));
    const all = await Promise.all(Array.from({ length: 5 }, () => textOf(chat(server, CHAT))));
    expect(all).toEqual(Array(5).fill(alone));
  });
});

describe('an answer', () => {
  it('takes no longer than it may', async () => {
    const server = await toyServer({ answerSeconds: 0.05 }, slowEngine());
    const told = await refusal(chat(server, LONG_CHAT));
    expect(told).toMatchObject({ status: 504, code: 'deadline_exceeded' });
    await settles(server, 0, 0);
  });

  it('that is streamed tells in its last event that it took too long', async () => {
    const server = await toyServer({ answerSeconds: 0.1 }, slowEngine());
    const events = await (await chat(server, { ...LONG_CHAT, stream: true })).text();
    expect(events).toMatch(
      /event: error\ndata: \{"type":"error","code":"deadline_exceeded".*\n\n$/,
    );
    expect(events).not.toContain('[DONE]');
  });

  it.each([
    ['waits', { stream: false }],
    ['reads a stream', { stream: true }],
  ])('ends where the client that %s is gone', async (_, how) => {
    const server = await toyServer({}, slowEngine());
    const gone = start(server, { ...LONG_CHAT, ...how });
    await settles(server, 1, 0);
    gone.abort();
    await settles(server, 0, 0);
  });

  it('leaves the queue where its client is gone', async () => {
    const server = await toyServer({ parallel: 1 }, slowEngine());
    start(server);
    await settles(server, 1, 0);
    const gone = start(server);
    await settles(server, 1, 1);
    gone.abort();
    await settles(server, 1, 0);
  });

  it('has the same words beside others that come and go', async () => {
    const server = await toyServer({ parallel: 8 });
    const bodies = Array.from({ length: 12 }, (_, seed) => ({
      ...{ ...CHAT, temperature: 1, seed, max_tokens: 30 },
    }));
    const alone: string[] = [];
    for (const body of bodies) alone.push(await textOf(chat(server, body)));
    const passing = Array.from({ length: 4 }, () => start(server));
    setTimeout(() => {
      for (const gone of passing) gone.abort();
    }, 20);
    const together = await Promise.all(bodies.map((body) => textOf(chat(server, body))));
    expect(together).toEqual(alone);
  });
});

describe('a stream', () => {
  it('is kept open by comments while nothing comes', async () => {
    const server = await toyServer({ pingSeconds: 0.02 }, slowEngine(100));
    const short = { ...LONG_CHAT, max_tokens: 4, stream: true };
    expect(await (await chat(server, short)).text()).toContain(': still here\n\n');
  });

  it('whose reader takes nothing is cut, and others are not held', async () => {
    const server = await toyServer({ stallSeconds: 0.2 });
    const body = JSON.stringify({ ...LONG_CHAT, stream: true, n: 16, msd: { passes: true } });
    const lazy = socketTo(server);
    lazy.pause();
    lazy.write(
      `POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    await settles(server, 16, 0);
    expect(await textOf(chat(server, { ...CHAT, n: 1 }))).not.toBe('');
    await expect.poll(async () => (await statusOf(server)).running, { timeout: 20_000 }).toBe(0);
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toMatch(/msd:request_failures_total\{.*\} [1-9]/);
  });
});

describe('a server that ends', () => {
  it('lets what runs end, and takes nothing new', async () => {
    const server = await toyServer({ graceSeconds: 10 }, slowEngine());
    const running = textOf(chat(server, { ...LONG_CHAT, max_tokens: 30 }));
    await settles(server, 1, 0);
    const ended = server.close();
    await expect(fetch(`${server.url}/health`)).rejects.toThrow();
    expect((await running).length).toBeGreaterThan(10);
    await ended;
  });

  it('after its grace ends what runs, and says so', async () => {
    const server = await toyServer({ graceSeconds: 0.05, parallel: 1 }, slowEngine());
    const running = chat(server, { ...LONG_CHAT, stream: true }).then((response) =>
      response.text(),
    );
    await settles(server, 1, 0);
    const waiting = refusal(chat(server, CHAT));
    await settles(server, 1, 1);
    await server.close();
    expect(await running).toContain('"code":"server_ending"');
    expect(await waiting).toMatchObject({ status: 503, code: 'server_ending' });
  });
});

describe('who is slow to ask', () => {
  it('is cut off, while others are answered', { timeout: 30_000 }, async () => {
    const server = await toyServer();
    const slow = Array.from({ length: 50 }, () => {
      const socket = socketTo(server);
      socket.write('POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\n');
      const timer = setInterval(() => socket.write('X-A: b\r\n'), 500);
      socket.on('close', () => clearInterval(timer));
      return new Promise<void>((resolve) => socket.on('close', () => resolve()));
    });
    await sleep(50);
    expect(await textOf(chat(server, CHAT))).not.toBe('');
    await Promise.all(slow);
  });

  it('and says too much in headers is refused', async () => {
    const server = await toyServer();
    const headers = { 'x-long': 'a'.repeat(20_000) };
    expect((await fetch(`${server.url}/health`, { headers })).status).toBe(431);
  });
});

function socketTo({ url }: MsdServer): Socket {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => {});
  onTestFinished(() => void socket.destroy());
  return socket;
}
