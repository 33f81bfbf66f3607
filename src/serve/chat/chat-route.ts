import type { Context } from 'hono';
import { readJson } from '../api/read-json.ts';
import { deliverStream, finishAll } from '../http/deliver.ts';
import type { ServerEnv } from '../http/server-env.ts';
import { dataEvents } from '../http/sse.ts';
import { modelNamed } from '../models/model-names.ts';
import type { ServerParts } from '../server-parts.ts';
import { chatAnswer } from './chat-answer.ts';
import { chatStream } from './chat-stream.ts';
import { readChat } from './read-chat.ts';

/** `POST /v1/chat/completions` */
export const chatRoute = (parts: ServerParts) => async (c: Context<ServerEnv>) => {
  const { settings, door, drawSeed, desk, now, newId } = parts;
  const body = await readJson(c.req.raw, settings);
  const asked = await readChat(body, door, drawSeed);
  const model = modelNamed(asked.model, settings.names);
  const heading = { id: `chatcmpl-${newId()}`, created: Math.floor(now() / 1000), model };
  const orders = desk.order(asked.options, c.var.leave.signal);
  if (asked.stream) return deliverStream(c, parts, dataEvents(chatStream(heading, orders, asked)));
  return c.json(chatAnswer(heading, await finishAll(orders), asked.logprobs));
};
