/**
 * One request to the hub: redirects are followed by hand, so that the token goes to the hub's own host only; a silence
 * ends it; refusals become errors that say what to do.
 */
import {
  GatedModelError,
  HubTransferError,
  MissingModelError,
  type MsdError,
} from '../contracts/errors.ts';
import type { HubEnvironment } from './hub-environment.ts';
import { TryAgain } from './try-again.ts';

/** An answer with a body that is still to come. */
export interface HubAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The name of the content by the hub itself, whoever serves it: a hash, where there is one. */
  readonly etag: string | undefined;
  /** The body's pieces, decoded. @throws TryAgain where it stalls or breaks */
  readonly pieces: AsyncIterable<Uint8Array>;
  /** Ends it without its body. */
  drop(): Promise<void>;
}

export interface HubRequest {
  readonly url: string;
  /** What it is about, for messages. */
  readonly model: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Default: Node's own. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

const MOST_REDIRECTS = 5;

/**
 * @returns an answer of status 200, 206 or 416
 * @throws TryAgain, GatedModelError, MissingModelError, HubTransferError, or the signal's reason
 */
export async function hubRequest(
  { url: first, model, headers, signal, fetch = globalThis.fetch }: HubRequest,
  { endpoint, token, stallMs }: Omit<HubEnvironment, 'offline'>,
): Promise<HubAnswer> {
  const home = new URL(endpoint).origin;
  let url = new URL(first);
  let etag: string | undefined;
  for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
    const own = url.origin === home;
    const identity = own && token !== undefined ? { Authorization: `Bearer ${token}` } : {};
    const sent = { 'Accept-Encoding': 'identity', ...headers, ...identity };
    const answer = await guarded(
      (signal) => fetch(url, { headers: sent, signal, redirect: 'manual' }),
      {
        ...{ url, stallMs, outer: signal },
      },
    );
    if (own) etag ??= hashIn(answer.headers);
    if ([200, 206, 416].includes(answer.status)) return { ...answer, etag };
    await answer.drop();
    if (![301, 302, 303, 307, 308].includes(answer.status)) {
      throw refusal(answer, { url, own, model, page: `${endpoint}/${model}` });
    }
    url = redirected(url, answer.headers.get('location'));
  }
  throw new HubTransferError(shown(url), 'the server redirects in circles; check HF_ENDPOINT.');
}

/** Fetches under a watch that ends it once nothing came for `stallMs`. */
async function guarded(
  ask: (signal: AbortSignal) => Promise<Response>,
  { url, stallMs, outer }: { url: URL; stallMs: number; outer: AbortSignal },
): Promise<Omit<HubAnswer, 'etag'>> {
  const stall = new AbortController();
  const signal = AbortSignal.any([outer, stall.signal]);
  const silence = new TryAgain(shown(url), `sent nothing for ${stallMs / 1000} s`);
  const watch = () => setTimeout(() => stall.abort(silence), stallMs);
  const failure = (what: string, cause: unknown): unknown => {
    if (signal.aborted) return signal.reason;
    return new TryAgain(shown(url), `${what} (${netProblem(cause)})`, { cause });
  };
  let timer = watch();
  async function* pieces(response: Response): AsyncGenerator<Uint8Array> {
    if (response.body === null) return;
    try {
      for await (const piece of response.body) {
        clearTimeout(timer); // a slow disk is not the server's silence
        yield piece;
        timer = watch();
      }
    } catch (cause) {
      throw failure('broke the connection', cause);
    } finally {
      clearTimeout(timer);
    }
  }
  try {
    const response = await ask(signal);
    clearTimeout(timer);
    timer = watch();
    const drop = async () => {
      clearTimeout(timer);
      await response.body?.cancel().catch(() => {});
    };
    return { status: response.status, headers: response.headers, pieces: pieces(response), drop };
  } catch (cause) {
    clearTimeout(timer);
    throw failure('did not answer', cause);
  }
}

interface Asked {
  readonly url: URL;
  readonly own: boolean;
  readonly model: string;
  readonly page: string;
}

function refusal(
  { status, headers }: Pick<HubAnswer, 'status' | 'headers'>,
  { url, own, model, page }: Asked,
): MsdError | TryAgain {
  const code = headers.get('x-error-code');
  if (status === 429 || status === 408 || status >= 500 || (!own && status === 403)) {
    const waitMs = retryAfter(headers.get('retry-after')); // 403: a signed address that ran out
    const wait = waitMs === undefined ? {} : { waitMs };
    return new TryAgain(shown(url), `answered with status ${status}`, wait);
  }
  if (own && (status === 401 || status === 403) && code !== 'RepoNotFound') {
    return new GatedModelError(model, status, page);
  }
  if (own && (status === 404 || code === 'RepoNotFound')) {
    return new MissingModelError(model, MISSING[code ?? ''] ?? NO_MODEL);
  }
  return new HubTransferError(
    shown(url),
    `the server answered with status ${status}; check HF_ENDPOINT and try again.`,
  );
}

const NO_MODEL =
  'the hub has no such model, or shows it to its owners only; check the name, or set HF_TOKEN to a token that may read it.';

const MISSING: Readonly<Record<string, string>> = {
  RevisionNotFound: 'the hub has the model but no such revision; check what stands behind @.',
  EntryNotFound: 'the hub has the model but no such file; check the name of the file.',
};

/** Milliseconds, from seconds or a date. */
function retryAfter(header: string | null): number | undefined {
  if (header === null) return undefined;
  const wait = /^\d+$/.test(header) ? 1000 * Number(header) : Date.parse(header) - Date.now();
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

function redirected(from: URL, location: string | null): URL {
  if (location === null || !URL.canParse(location, from.href)) {
    throw new HubTransferError(shown(from), 'the server redirects to nowhere; check HF_ENDPOINT.');
  }
  const to = new URL(location, from);
  const safe = to.protocol === 'https:' || (to.protocol === 'http:' && from.protocol === 'http:');
  if (safe) return to;
  const problem = `the server redirects to ${shown(to)}, which is not safe; check HF_ENDPOINT.`;
  throw new HubTransferError(shown(from), problem);
}

/** A hash that the hub calls a content by. Others, as `W/"5d-…"` of a proxy, say nothing about it. */
function hashIn(headers: Headers): string | undefined {
  const etag = headers.get('x-linked-etag') ?? headers.get('etag') ?? '';
  return etag.match(/^(?:W\/)?"?([0-9a-f]{40}|[0-9a-f]{64})"?$/)?.[1];
}

const shown = (url: URL): string => `${url.origin}${url.pathname}`;

/** The innermost reason that the net gives, as ECONNRESET. */
function netProblem(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  if (cause.cause instanceof Error) return netProblem(cause.cause);
  return 'code' in cause ? String(cause.code) : cause.message;
}
