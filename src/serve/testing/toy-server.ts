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

/** What a refused request is told. */
export async function refusal(response: Response | Promise<Response>) {
  const { status, headers, ...rest } = await response;
  const json = (await (await response).json()) as {
    error: { message: string; type: string; param: string | null; code: string };
  };
  void rest;
  return { status, retryAfter: headers.get('retry-after'), ...json.error };
}
