import type { Context } from 'hono';
import * as z from 'zod';
import { resolveOptions } from '../../engine/answer/resolve-options.ts';
import { refused } from '../api/api-error.ts';
import { checkFields } from '../api/check-fields.ts';
import { readJson } from '../api/read-json.ts';
import { readMessages } from '../chat/read-messages.ts';
import type { ServerEnv } from '../http/server-env.ts';
import { modelNamed } from '../models/model-names.ts';
import type { ServerParts } from '../server-parts.ts';

const words = z.string('must be a text.');
const flag = z.boolean('must be true or false.');
const IDS = 'must be a list of token ids.';

export const tokenizeSchema = z.strictObject({
  model: words.optional(),
  prompt: words.optional(),
  content: words.optional(),
  messages: z.array(z.unknown(), 'must be a list of messages.').optional(),
  add_special_tokens: flag.optional(),
  add_special: flag.optional(),
  return_token_strs: flag.default(false),
  with_pieces: flag.default(false),
});
export const detokenizeSchema = z.strictObject({
  model: words.optional(),
  tokens: z.array(z.int(IDS).min(0, IDS), IDS),
});

/** `POST /tokenize`: of a text (`prompt`, or llama.cpp's `content`), or of messages as the model reads them. */
export const tokenizeRoute = (parts: ServerParts) => async (c: Context<ServerEnv>) => {
  const { settings, keeper, door } = parts;
  const fields = checkFields(await readJson(c.req.raw, settings), tokenizeSchema, {});
  modelNamed(fields.model, settings.names);
  const text = fields.prompt ?? fields.content;
  if ((text === undefined) === (fields.messages === undefined)) {
    throw refused('prompt', 'or messages must be given, and not both.');
  }
  const engine = keeper.get();
  const read = async () => {
    if (text !== undefined) {
      const vllms = fields.prompt !== undefined; // each as its own project has it
      const addSpecialTokens = fields.add_special_tokens ?? fields.add_special ?? vllms;
      return engine.words({ kind: 'text', text, addSpecialTokens });
    }
    const messages = await readMessages(fields.messages ?? [], door);
    const { images, ...request } = resolveOptions({ messages });
    if (images.length > 0)
      throw refused('messages', 'hold pictures, whose tokens are not told here.');
    return engine.words({ kind: 'request', request });
  };
  const { ids, tokens } = await read();
  const pieces = ids.map((id, at) => ({ id, piece: tokens[at] }));
  return c.json({
    count: ids.length,
    max_model_len: engine.info.contextLength,
    tokens: fields.with_pieces ? pieces : ids,
    token_strs: fields.return_token_strs ? tokens : null,
  });
};

/** `POST /detokenize` */
export const detokenizeRoute = (parts: ServerParts) => async (c: Context<ServerEnv>) => {
  const { settings, keeper } = parts;
  const { model, tokens } = checkFields(await readJson(c.req.raw, settings), detokenizeSchema, {});
  modelNamed(model, settings.names);
  const { text } = await keeper.get().words({ kind: 'ids', ids: tokens });
  return c.json({ prompt: text, content: text });
};
