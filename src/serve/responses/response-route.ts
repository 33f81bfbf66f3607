import type { Context } from 'hono';
import { readJson } from '../api/read-json.ts';
import { deliverStream, finishAll } from '../http/deliver.ts';
import type { ServerEnv } from '../http/server-env.ts';
import { namedEvents } from '../http/sse.ts';
import { modelNamed } from '../models/model-names.ts';
import type { ServerParts } from '../server-parts.ts';
import type { Order } from '../work/desk.ts';
import { readResponse } from './read-response.ts';
import { endedResponse } from './response-object.ts';
import { responseStream } from './response-stream.ts';

/** `POST /v1/responses`: as chats, in the newer form. Nothing is stored. */
export const responseRoute = (parts: ServerParts) => async (c: Context<ServerEnv>) => {
  const { settings, door, drawSeed, desk, now, newId } = parts;
  const body = await readJson(c.req.raw, settings);
  const { said, stream, passes, options } = await readResponse(body, door, drawSeed);
  const model = modelNamed(said.model, settings.names);
  const heading = {
    ...{ id: `resp_${newId()}`, messageId: `msg_${newId()}`, model, said },
    created: Math.floor(now() / 1000),
  };
  const [order] = desk.order([options], c.var.leave.signal) as [Order];
  if (stream) return deliverStream(c, parts, namedEvents(responseStream(heading, order, passes)));
  const [finished] = await finishAll([order]);
  if (finished === undefined) throw new TypeError('an answer ended without its result');
  return c.json(endedResponse(heading, finished));
};
