import { Hono } from 'hono';
import { cors } from 'hono/cors';
import { ApiError, errorBody } from '../api/api-error.ts';
import { toApiError } from '../api/to-api-error.ts';
import { chatRoute } from '../chat/chat-route.ts';
import { completionRoute } from '../completions/completion-route.ts';
import { modelRoute, modelsRoute } from '../models/model-routes.ts';
import { statusRoute } from '../models/status-route.ts';
import { describeApi } from '../openapi/describe-api.ts';
import { responseRoute } from '../responses/response-route.ts';
import type { ServerParts } from '../server-parts.ts';
import { detokenizeRoute, tokenizeRoute } from '../words/word-routes.ts';
import { pageRoute } from './page-route.ts';
import type { ServerEnv } from './server-env.ts';

/** Ways in that ask for no key: they say nothing of anybody. */
const OPEN = ['/health', '/ready', '/openapi.json'];
/** Why orders of a request are left; without the stack that an error of its own would hold. */
const OVER = 'over';
const REQUEST_ID = /^[\w.-]{1,64}$/;

/** All that a server answers. */
export function createApp(parts: ServerParts): Hono<ServerEnv> {
  const { settings, keeper, metrics, checkKey, log, page, newId, now, ending } = parts;
  const app = new Hono<ServerEnv>();

  app.use(async (c, next) => {
    const given = c.req.header('x-request-id');
    const id = given !== undefined && REQUEST_ID.test(given) ? given : newId();
    const leave = new AbortController();
    c.set('id', id);
    c.set('leave', leave);
    const { signal } = c.req.raw;
    const gone = () => leave.abort(OVER);
    signal.addEventListener('abort', gone);
    // A request's signal may be held for good, and with it whatever listens to it.
    leave.signal.addEventListener('abort', () => signal.removeEventListener('abort', gone));
    const start = now();
    await next();
    if (!c.var.streams) leave.abort(OVER);
    c.header('x-request-id', id);
    c.header('x-content-type-options', 'nosniff');
    if (ending()) c.header('connection', 'close');
    const { method, path } = c.req;
    const { status } = c.res;
    metrics.answered(known(path) ? path : 'other', status);
    const level = OPEN.includes(path) || path === '/metrics' ? 'debug' : 'info';
    log[level]({ id, method, path, status, ms: now() - start }, 'answered');
  });
  if (settings.corsOrigins.length > 0) {
    const origin = settings.corsOrigins.includes('*') ? '*' : [...settings.corsOrigins];
    app.use(cors({ origin, maxAge: 600, exposeHeaders: ['x-request-id', 'retry-after'] }));
  }
  app.use(async (c, next) => {
    if (!OPEN.includes(c.req.path) && !page.has(c.req.path)) checkKey(c.req.raw.headers);
    await next();
  });

  app.get('/health', (c) => c.json({ status: 'ok' }));
  app.get('/ready', (c) => {
    if (ending()) throw new ApiError(503, 'server_ending', 'The server is about to end.');
    keeper.get();
    return c.json({ status: 'ready' });
  });
  app.get('/metrics', async (c) =>
    c.body(await metrics.text(), 200, { 'content-type': metrics.contentType }),
  );
  const description = describeApi();
  app.get('/openapi.json', (c) => c.json(description));
  app.get('/v1/models', modelsRoute(parts));
  app.get('/v1/models/:name{.+}', modelRoute(parts));
  app.get('/v1/msd/status', statusRoute(parts));
  app.post('/v1/chat/completions', chatRoute(parts));
  app.post('/v1/completions', completionRoute(parts));
  app.post('/v1/responses', responseRoute(parts));
  app.post('/tokenize', tokenizeRoute(parts));
  app.post('/detokenize', detokenizeRoute(parts));
  app.post('/v1/embeddings', () => {
    throw new ApiError(
      400,
      'unsupported_endpoint',
      'Embeddings are not given: the model that runs here is made to write, and its features would be poor ones; use a model that was trained for it.',
    );
  });
  for (const path of page.keys()) app.get(path, pageRoute(page));

  const known = (path: string) => app.routes.some((route) => route.path === path);
  app.notFound((c) => {
    const sameWay = app.routes.filter(
      ({ path, method }) => path === c.req.path && method !== 'ALL',
    );
    const [other] = sameWay;
    const error =
      other === undefined
        ? new ApiError(404, 'unknown_url', `There is no ${c.req.method} ${c.req.path} here.`)
        : new ApiError(405, 'method_not_allowed', `${c.req.path} takes ${other.method} alone.`);
    return c.json(errorBody(error), error.status as 404);
  });
  app.onError((thrown, c) => {
    const error = toApiError(thrown);
    c.var.leave?.abort(OVER);
    if (error.code === 'internal_error') log.error({ id: c.var.id, err: thrown }, 'bug');
    if (error.retryAfter !== undefined) c.header('retry-after', String(error.retryAfter));
    if (error.status === 401) c.header('www-authenticate', 'Bearer');
    if (error.status === 413) c.header('connection', 'close');
    return c.json(errorBody(error), error.status as 400);
  });
  return app;
}
