import type { Context } from 'hono';
import type { ServerEnv } from '../http/server-env.ts';
import type { ServerParts } from '../server-parts.ts';
import { modelNamed } from './model-names.ts';

/** `GET /v1/models` */
export const modelsRoute = (parts: ServerParts) => (c: Context<ServerEnv>) =>
  c.json({ object: 'list', data: parts.settings.names.map((name) => modelCard(name, parts)) });

/** `GET /v1/models/NAME`, whose name may have a slash */
export const modelRoute = (parts: ServerParts) => (c: Context<ServerEnv>) => {
  const name = decodeURIComponent(c.req.path.replace(/^\/v1\/models\//, ''));
  return c.json(modelCard(modelNamed(name, parts.settings.names), parts));
};

/** Modalities under llama.cpp's and OpenRouter's name. They are known once the model is loaded. */
function modelCard(name: string, { keeper, now }: ServerParts) {
  const { info } = keeper.get();
  return {
    ...{ id: name, object: 'model', created: Math.floor(now() / 1000), owned_by: 'msd-ts' },
    architecture: {
      input_modalities: info.readsPictures ? ['text', 'image'] : ['text'],
      output_modalities: ['text'],
    },
    max_model_len: info.contextLength, // vLLM's name
    meta: {
      family: info.family,
      n_ctx: info.contextLength,
      n_vocab: info.vocabSize,
      n_params: info.parameters,
      n_embd: info.hiddenSize,
      size: info.weightBytes,
    },
  };
}
