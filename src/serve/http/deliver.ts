import type { Context } from 'hono';
import type { GenerateResult } from '../../contracts/generate.ts';
import type { Finished } from '../chat/chat-answer.ts';
import type { ServerParts } from '../server-parts.ts';
import type { Order } from '../work/desk.ts';
import type { ServerEnv } from './server-env.ts';
import { sseStream } from './sse.ts';

/** The results of all orders. */
export async function finishAll(orders: readonly Order[]): Promise<Finished[]> {
  const results = await Promise.all(orders.map(resultOf));
  return results.map((result, choice) => ({
    result,
    figures: (orders[choice] as Order).record.figures(),
  }));
}

async function resultOf({ events }: Order): Promise<GenerateResult> {
  for await (const event of events) if (event.type === 'done') return event.result;
  throw new TypeError('an answer ended without its result');
}

/**
 * Answers with a stream, once its first event is there: what fails before, as a prompt that is too long, has a status of
 * its own.
 */
export async function deliverStream(
  c: Context<ServerEnv>,
  { settings, log }: Pick<ServerParts, 'settings' | 'log'>,
  events: AsyncGenerator<string, void, undefined>,
): Promise<Response> {
  const first = await events.next();
  async function* all() {
    if (!first.done) yield first.value;
    yield* events;
  }
  const { leave } = c.var;
  c.set('streams', true);
  const stream = sseStream(
    all(),
    { pingMs: settings.pingSeconds * 1000, stallMs: settings.stallSeconds * 1000 },
    {
      stalled() {
        leave.abort('stalled');
        c.env?.outgoing?.destroy(); // its reader takes nothing, so there is nothing to say
      },
      ended: () => leave.abort('ended'),
      failed: (error) => log.warn({ id: c.var.id, error: nameOf(error) }, 'stream failed'),
    },
  );
  return c.body(stream, 200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    'x-accel-buffering': 'no', // proxies would hold it back
  });
}

const nameOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);
