import { randomBytes, randomInt } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { createServer as createHttpServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAdaptorServer } from '@hono/node-server';
import { type Logger, pino } from 'pino';
import { OptionError } from '../contracts/errors.ts';
import type { LoadOptions, ModelInfo } from '../contracts/load.ts';
import type { Engine, EngineLimits } from '../engine/engine.ts';
import { forkEngine } from '../engine/node/fork-engine.ts';
import { packageFolder } from '../files/package-file.ts';
import { resolveLoadOptions } from '../load.ts';
import { ApiError } from './api/api-error.ts';
import { createPrometheus } from './figures/prometheus.ts';
import { createKeyCheck } from './guard/keys.ts';
import { createApp } from './http/app.ts';
import { readPageFiles } from './http/page-files.ts';
import { usualNames } from './models/model-names.ts';
import { createPictureFetcher } from './pictures/fetch-picture.ts';
import { createPictureDoor } from './pictures/picture-door.ts';
import { isPrivateAddress } from './pictures/private-address.ts';
import { resolveServeSettings, type ServeSettings } from './serve-settings.ts';
import { createDesk } from './work/desk.ts';
import { createEngineKeeper } from './work/engine-keeper.ts';
import { createGate } from './work/gate.ts';

export interface ServerOptions extends Partial<ServeSettings> {
  /** The model, as `load` takes it. Default: the pair that comes with the package. */
  readonly load?: Omit<LoadOptions, 'thread' | 'drafters'>;
  /** Where it is told what happens. Default: nowhere. */
  readonly log?: Logger;
  /** Opens engines in place of processes of their own, for tests and others who have one. */
  readonly openEngine?: OpenEngine;
}

type OpenEngine = (
  onLost: (error: Error) => void,
  limits: Partial<EngineLimits>,
) => Promise<Engine>;

/** A server that listens. */
export interface MsdServer {
  /** `http://127.0.0.1:8080` */
  readonly url: string;
  /** The first load of the model; `/ready` says 503 until then. */
  readonly loaded: Promise<ModelInfo>;
  /** Lets answers that run end for `graceSeconds`, takes no others, and ends the engine. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Serves a model by OpenAI's API (docs/serve.md). The engine runs in a process of its own; where that ends by itself,
 * answers that ran get an error, and another is started.
 * @throws OptionError, ModelNotFoundError; the system's error where the port is taken
 */
export async function createServer(options: ServerOptions = {}): Promise<MsdServer> {
  const { load = {}, log = pino({ level: 'silent' }), openEngine, ...given } = options;
  const { names, ...others } = resolveServeSettings(given);
  const settings = { ...others, names: names.length > 0 ? names : usualNames(load.model) };
  const { parallel: sequences, cacheBytes } = settings;
  const limits = { sequences, cacheBytes, keptBytes: KEPT * cacheBytes, pictures: PICTURES };
  const open = openEngine ?? forkedEngines(load);

  let isEnding = false;
  const keeper = createEngineKeeper(
    (onLost) => open(onLost, limits),
    (event, error) => {
      if (error === undefined) log.info(event);
      else log.error({ err: error }, event);
    },
    (seconds) => sleep(seconds * 1000, undefined, { ref: false }),
  );
  const gate = createGate(settings.parallel, settings.queue, () => RETRY_SECONDS);
  const metrics = createPrometheus(settings.names[0] as string, {
    running: () => gate.running,
    waiting: () => gate.waiting,
    ready: () => keeper.state === 'ready',
    lost: () => keeper.lost,
  });
  const desk = createDesk({
    ...{ gate, keeper, clock: () => performance.now() },
    deadlines: {
      queueMs: settings.queueSeconds * 1000,
      answerMs: settings.answerSeconds * 1000,
    },
    onEnd: (record) => metrics.observe(record.figures()),
  });
  const web = {
    resolve: (host: string) => lookup(host, { all: true }),
    isPrivate: isPrivateAddress,
  };
  const app = createApp({
    ...{ settings, desk, gate, keeper, metrics, log },
    door: createPictureDoor(settings, createPictureFetcher(settings.imageHosts, web)),
    checkKey: createKeyCheck(settings.keys),
    page: readPageFiles(packageFolder('dist/web')),
    now: Date.now,
    newId: () => randomBytes(12).toString('hex'),
    drawSeed: () => randomInt(2 ** 47),
    ending: () => isEnding,
  });
  const http = createAdaptorServer({
    fetch: app.fetch,
    overrideGlobalObjects: false,
    createServer: createHttpServer,
    serverOptions: HTTP_LIMITS,
  }) as Server;
  const close = async () => {
    isEnding = true;
    log.info('ending: no new answers are taken');
    const closed = new Promise<void>((resolve) => http.close(() => resolve()));
    gate.close(ENDING);
    const latest = performance.now() + settings.graceSeconds * 1000;
    while (gate.running > 0 && performance.now() < latest) await sleep(TURN);
    desk.end(ENDING);
    const tidy = setInterval(() => http.closeIdleConnections(), TURN); // kept alive for nothing
    await Promise.race([closed, sleep(LAST_WORDS, undefined, { ref: false })]);
    clearInterval(tidy);
    http.closeAllConnections();
    await keeper.close();
    log.info('ended');
  };
  let closing: Promise<void> | undefined;
  const closeOnce = () => {
    closing ??= close();
    return closing;
  };
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(settings.port, settings.host, resolve);
  }).catch(async (error: unknown) => {
    await keeper.close();
    throw error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
      ? new OptionError('port', `${settings.port} is taken; give another, or 0 for any.`)
      : error;
  });
  const { port } = http.address() as AddressInfo;
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
  return {
    url: `http://${host}:${port}`,
    loaded: keeper.loaded.then(({ info }) => info),
    close: closeOnce,
    [Symbol.asyncDispose]: closeOnce,
  };
}

/** Of the bytes for caches, what is kept of answers that ended; less of it where running ones need more than the rest. */
const KEPT = 1 / 4;
/** Pictures whose embeddings are kept. */
const PICTURES = 32;
const RETRY_SECONDS = 2;
/** Milliseconds between two looks at what still runs. */
const TURN = 20;
/** Milliseconds in which streams tell that they end. */
const LAST_WORDS = 1000;
const ENDING = new ApiError(503, 'server_ending', 'The server is about to end; ask again later.', {
  retryAfter: 5,
});

/** Milliseconds and bytes after which who sends too slowly, or too much ahead of a body, is cut off. */
const HTTP_LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 10_000,
  connectionsCheckingInterval: 1000,
  maxHeaderSize: 16_384,
};

function forkedEngines(load: NonNullable<ServerOptions['load']>): OpenEngine {
  const { thread: _, onProgress, drafters: __, ...settings } = resolveLoadOptions(load);
  return (onLost, limits) =>
    forkEngine(settings, { limits, onLost, ...(onProgress && { onProgress }) });
}
