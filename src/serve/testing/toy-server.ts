import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { Engine } from '../../engine/engine.ts';
import { toyEngine } from '../../engine/testing/toy-engine.ts';
import { createServer, type MsdServer, type ServerOptions } from '../create-server.ts';

/** A server over a toy model, at a free port, until the test ends. */
export async function toyServer(
  settings: Partial<ServerOptions> = {},
  engine: () => Engine = () => toyEngine(),
): Promise<MsdServer> {
  const openEngine = async () => engine();
  const server = await createServer({ port: 0, graceSeconds: 0.05, openEngine, ...settings });
  onTestFinished(() => server.close());
  await server.loaded;
  return server;
}

/** One whose passes take some milliseconds. */
export const slowEngine =
  (ms = 5) =>
  () =>
    toyEngine({ letMessagesIn: () => sleep(ms) });

/** A chat with a toy, whose words are letters. */
export const CHAT = {
  messages: [{ role: 'user', content: 'abcabd' }],
  ...{ temperature: 0, max_tokens: 20 },
};
/** One that ends at its limit of tokens alone. */
export const LONG_CHAT = { ...CHAT, ignore_eos: true, max_tokens: 2000, msd: { plain: true } };

/** Asks with a body of JSON, or of what is given as text. */
export function post(
  { url }: MsdServer,
  path: string,
  body: object | string,
  more: RequestInit = {},
): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return fetch(url + path, { method: 'POST', body: text, ...more });
}

export const chat = (server: MsdServer, body: object | string, more: RequestInit = {}) =>
  post(server, '/v1/chat/completions', body, more);

/** What a refused request is told. */
export async function refusal(asked: Promise<Response>) {
  const response = await asked;
  const { error } = (await response.json()) as {
    error: { message: string; type: string; param: string | null; code: string };
  };
  return { status: response.status, retryAfter: response.headers.get('retry-after'), ...error };
}

/** The words of an answer. */
export async function textOf(asked: Promise<Response>): Promise<string> {
  const answer = (await (await asked).json()) as {
    choices: [{ message: { content: string } }];
  };
  return answer.choices[0].message.content;
}

export async function statusOf({ url }: MsdServer): Promise<{ running: number; waiting: number }> {
  return (await (await fetch(`${url}/v1/msd/status`)).json()) as never;
}
