import type { Context } from 'hono';
import { readJson } from '../api/read-json.ts';
import { deliverStream } from '../http/deliver.ts';
import type { ServerEnv } from '../http/server-env.ts';
import { namedEvents } from '../http/sse.ts';
import { modelNamed } from '../models/model-names.ts';
import type { ServerParts } from '../server-parts.ts';
import type { Order } from '../work/desk.ts';
import type { OutputEvent } from './output-items.ts';
import { readResponse } from './read-response.ts';
import { inResponseWords } from './response-error.ts';
import { responseStream } from './response-stream.ts';

/** `POST /v1/responses`: as chats, in the newer form. Nothing is stored. */
export const responseRoute = (parts: ServerParts) => async (c: Context<ServerEnv>) => {
  const { settings, door, drawSeed, desk, now, newId } = parts;
  const body = await readJson(c.req.raw, settings);
  const { said, stream, passes, options } = await readResponse(body, door, drawSeed);
  const model = modelNamed(said.model, settings.names);
  const created = Math.floor(now() / 1000);
  const [order] = desk.order([options], c.var.leave.signal) as [Order];
  const heading = { id: `resp_${newId()}`, model, created, said };
  const events = responseStream(heading, order, newId, passes && stream);
  try {
    if (stream) return await deliverStream(c, parts, namedEvents(events));
    return c.json((await lastOf(events)).response);
  } catch (error) {
    throw inResponseWords(error);
  }
};

/** The last event has the whole response. */
async function lastOf(events: AsyncIterable<OutputEvent>): Promise<OutputEvent> {
  let last: OutputEvent | undefined;
  for await (const event of events) last = event;
  if (last === undefined) throw new TypeError('an answer ended without its result');
  return last;
}
