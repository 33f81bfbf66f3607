import type { BodyName } from './body-schemas.ts';

/** What one address does, as the description tells it. */
export interface Operation {
  readonly method: 'get' | 'post';
  readonly path: string;
  readonly id: string;
  readonly summary: string;
  readonly body?: BodyName;
  /** Where there ever is one. */
  readonly answer?: string;
  /** Default: an object of JSON. */
  readonly type?: 'text/plain';
  readonly streams?: true;
  /** Whether no key is asked for. */
  readonly open?: true;
  /** Statuses of refusals beside those that any request may have. */
  readonly refusals?: readonly Refusal[];
}

type Refusal = 413 | 429 | 503 | 504;
const BUSY: readonly Refusal[] = [413, 429, 503, 504];

export const OPERATIONS: readonly Operation[] = [
  {
    ...{ method: 'post', path: '/v1/chat/completions', id: 'createChatCompletion' },
    ...{ summary: 'Answers a chat.', body: 'ChatRequest', streams: true, refusals: BUSY },
    answer: "OpenAI's chat.completion, with timings, metrics and readings beside it.",
  },
  {
    ...{ method: 'post', path: '/v1/completions', id: 'createCompletion' },
    ...{ summary: 'Goes on with a text.', body: 'CompletionRequest', streams: true },
    ...{ answer: "OpenAI's text_completion, with timings and metrics beside it.", refusals: BUSY },
  },
  {
    ...{ method: 'post', path: '/v1/responses', id: 'createResponse' },
    ...{ summary: 'Answers a chat, in the newer form.', body: 'ResponseRequest', streams: true },
    ...{ answer: "OpenAI's response, of which nothing is stored.", refusals: BUSY },
  },
  {
    ...{ method: 'get', path: '/v1/models', id: 'listModels', summary: 'Names the model.' },
    ...{ answer: 'A list of models with modalities and context length.', refusals: [503] },
  },
  {
    ...{ method: 'get', path: '/v1/models/{name}', id: 'retrieveModel' },
    ...{ summary: 'Tells of a model.', answer: 'A model.', refusals: [503] },
  },
  {
    ...{ method: 'post', path: '/tokenize', id: 'tokenize', body: 'TokenizeRequest' },
    ...{ summary: 'Tells the ids of a text or of messages.', answer: 'count, tokens, token_strs.' },
    refusals: [413, 503],
  },
  {
    ...{ method: 'post', path: '/detokenize', id: 'detokenize', body: 'DetokenizeRequest' },
    ...{ summary: 'Tells the text of ids.', answer: 'The text as prompt and as content.' },
    refusals: [413, 503],
  },
  {
    ...{ method: 'post', path: '/v1/embeddings', id: 'createEmbedding' },
    ...{ summary: 'Is refused: the model is made to write.' },
  },
  {
    ...{ method: 'get', path: '/v1/msd/status', id: 'status', summary: 'Tells what runs.' },
    answer: 'State, load, limits and the engine.',
  },
  {
    ...{ method: 'get', path: '/metrics', id: 'metrics', summary: 'Figures for Prometheus.' },
    ...{ answer: 'Its text format.', type: 'text/plain' },
  },
  {
    ...{ method: 'get', path: '/health', id: 'health', summary: 'Whether the process lives.' },
    ...{ answer: 'It does.', open: true },
  },
  {
    ...{ method: 'get', path: '/ready', id: 'ready', summary: 'Whether answers are given.' },
    ...{ answer: 'They are.', open: true, refusals: [503] },
  },
  {
    ...{ method: 'get', path: '/openapi.json', id: 'openapi', summary: 'This description.' },
    ...{ answer: 'OpenAPI 3.1.', open: true },
  },
];
