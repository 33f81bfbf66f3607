/**
 * A Hugging Face hub on this machine, with the answers of the real one: what Git LFS would hold is redirected to another
 * host. It can be told to misbehave, one request of a file at a time.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';

export type Files = Readonly<Record<string, string | Uint8Array>>;

/** How one request of a file's content is answered. */
type Mischief =
  /** So many bytes, then the connection breaks, or silence. */
  | { readonly cut: number }
  | { readonly stall: number }
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  | { readonly redirect: string }
  | { readonly length: number }
  /** Bytes before and after it are the file's, as are lengths. */
  | { readonly spoil: number }
  | { readonly etag: string }
  | 'longer'
  | 'gzip'
  | 'ignore the range'
  | 'another range';

interface Request {
  readonly host: 'hub' | 'cdn';
  readonly path: string;
  readonly range: string | undefined;
  readonly authorization: string | undefined;
}

type Entry = Readonly<Record<string, unknown>>;

/** What is wrong with the whole hub; may be changed while it runs. */
export interface HubFaults {
  /** Token without which nothing is given. */
  token?: string;
  /** Answers every request of the API. */
  api?: (response: ServerResponse) => void;
  /** Changes what is listed. */
  listing?: (entries: Entry[]) => unknown;
}

export interface HubServer {
  readonly url: string;
  readonly cdn: string;
  readonly faults: HubFaults;
  readonly requests: Request[];
  /** Puts a commit on a branch. @returns its hash */
  publish(model: string, files: Files, branch?: string): string;
  /** The next request of that file goes wrong; several for several requests. */
  spoil(path: string, ...mischief: readonly Mischief[]): void;
  /** When so many bytes of a file's content have been written to a socket that then stalls. */
  stalled(path: string): Promise<void>;
}

const isLarge = (path: string): boolean => /\.(safetensors|bin|gguf)$/.test(path);
const digest = (kind: 'sha1' | 'sha256', ...parts: readonly (string | Uint8Array)[]): string => {
  const hash = createHash(kind);
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};

/** The name that a file's blob has in the cache. */
export function blobName(path: string, content: string | Uint8Array): string {
  const bytes = Buffer.from(content);
  return isLarge(path) ? digest('sha256', bytes) : digest('sha1', `blob ${bytes.length}\0`, bytes);
}

const PAGE = 5; // files of one page of a listing

/** Starts it; it ends with the test. */
export async function startHub(faults: HubFaults = {}): Promise<HubServer> {
  const commits = new Map<string, Files>();
  const branches = new Map<string, string>();
  const requests: Request[] = [];
  const mischief = new Map<string, Mischief[]>();
  const stalls = new Map<string, () => void>();

  const log = (host: Request['host'], request: IncomingMessage) => {
    const { range, authorization } = request.headers;
    requests.push({ host, path: request.url ?? '', range, authorization });
  };
  const filesAt = (model: string, revision: string): [commit: string, Files] | undefined => {
    const commit = branches.get(`${model}@${revision}`) ?? revision;
    const files = commits.get(`${model}@${commit}`);
    return files && [commit, files];
  };

  const cdn = await listen((request, response) => {
    log('cdn', request);
    const [, model = '', commit = '', path = ''] = splitUrl(request, /^\/(.+?\/.+?)\/(\w+)\/(.+)$/);
    send(request, response, path, Buffer.from(commits.get(`${model}@${commit}`)?.[path] ?? ''));
  });
  const hub = await listen((request, response) => {
    log('hub', request);
    const url = new URL(request.url ?? '', hub);
    if (faults.token && request.headers.authorization !== `Bearer ${faults.token}`) {
      return refuse(response, request.headers.authorization ? 403 : 401, 'GatedRepo');
    }
    if (url.pathname.startsWith('/api/') && faults.api) return faults.api(response);
    const info = url.pathname.match(/^\/api\/models\/(.+?\/.+?)\/(revision|tree)\/(.+)$/);
    const file = url.pathname.match(/^\/([^/]+\/[^/]+)\/resolve\/(\w+)\/(.+)$/);
    const [, model = '', kind, revision = ''] = info ?? file ?? [];
    if (![...branches.keys()].some((name) => name.startsWith(`${model}@`))) {
      return refuse(response, 404, 'RepoNotFound');
    }
    if (file) return giveFile(request, response, model, file[2] ?? '', unescaped(file[3]));
    const found = filesAt(model, unescaped(revision));
    if (found === undefined) return refuse(response, 404, 'RevisionNotFound');
    const [sha, files] = found;
    if (kind === 'revision') return json(response, { _id: 'x', id: model, sha, siblings: [] });
    listPage(response, url, files);
  });

  function listPage(response: ServerResponse, url: URL, files: Files) {
    const from = Number(url.searchParams.get('cursor') ?? 0);
    const entries = Object.entries(files).map(([path, content]): Entry => {
      const size = Buffer.from(content).length;
      const name = blobName(path, content);
      if (!isLarge(path)) return { type: 'file', path, size, oid: name };
      return {
        type: 'file',
        path,
        size,
        oid: digest('sha1', name),
        lfs: { oid: name, size, pointerSize: 134 },
      };
    });
    const listed = faults.listing?.(entries) ?? entries;
    if (!Array.isArray(listed)) return json(response, listed);
    const next = new URL(url);
    next.searchParams.set('cursor', String(from + PAGE));
    if (from + PAGE < listed.length) response.setHeader('Link', `<${next}>; rel="next"`);
    json(response, listed.slice(from, from + PAGE));
  }

  function giveFile(
    request: IncomingMessage,
    response: ServerResponse,
    model: string,
    commit: string,
    path: string,
  ) {
    const content = commits.get(`${model}@${commit}`)?.[path];
    if (content === undefined) return refuse(response, 404, 'EntryNotFound');
    const [first] = mischief.get(path) ?? [];
    const etag =
      typeof first === 'object' && 'etag' in first ? first.etag : blobName(path, content);
    if (!isLarge(path)) {
      response.setHeader('ETag', `"${etag}"`);
      return send(request, response, path, Buffer.from(content));
    }
    response.setHeader('X-Linked-ETag', `"${etag}"`);
    redirect(response, `${cdn}/${model}/${commit}/${path}?signature=secret`);
  }

  function send(request: IncomingMessage, response: ServerResponse, path: string, all: Buffer) {
    const fault = mischief.get(path)?.shift();
    const is = (name: Mischief) => fault === name;
    const asked = /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1];
    const isRange = asked !== undefined && !is('ignore the range');
    const from = isRange ? Number(asked) : 0;
    if (isRange && from >= all.length) return refuse(response, 416);
    const shift = is('another range') ? 1 : 0;
    const range = `bytes ${from + shift}-${all.length - 1}/${all.length}`;
    const part = Buffer.from(all.subarray(from + shift));
    const status = isRange ? 206 : 200;
    const headers = { 'Content-Length': part.length, ...(isRange && { 'Content-Range': range }) };
    if (is('longer')) return response.writeHead(status).end(Buffer.concat([part, part]));
    if (is('gzip')) {
      const packed = gzipSync(part);
      const encoded = { 'Content-Encoding': 'gzip', 'Content-Length': packed.length };
      return response.writeHead(status, { ...headers, ...encoded }).end(packed);
    }
    if (typeof fault === 'object') {
      if ('status' in fault) return response.writeHead(fault.status, fault.headers).end();
      if ('redirect' in fault) return redirect(response, fault.redirect);
      if ('length' in fault) headers['Content-Length'] = fault.length;
      if ('spoil' in fault) part[fault.spoil] = 255 - (part[fault.spoil] ?? 0);
      if ('cut' in fault || 'stall' in fault) {
        const [bytes, end] =
          'cut' in fault
            ? [fault.cut, () => setTimeout(() => response.destroy(), 50)]
            : [fault.stall, () => stalls.get(path)?.()];
        response.writeHead(status, headers);
        return response.write(part.subarray(0, bytes), end);
      }
    }
    response.writeHead(status, headers).end(part);
  }

  return {
    ...{ url: hub, cdn, faults, requests },
    publish(model, files, branch = 'main') {
      const names = Object.entries(files).map(([path, content]) => path + blobName(path, content));
      const commit = digest('sha1', model, ...names);
      commits.set(`${model}@${commit}`, files);
      branches.set(`${model}@${branch}`, commit);
      return commit;
    },
    spoil: (path, ...more) => void mischief.set(path, [...more]),
    stalled: (path) => new Promise<void>((resolve) => stalls.set(path, resolve)),
  };
}

async function listen(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server: Server = createServer(handle);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
}

const unescaped = (text = ''): string => decodeURIComponent(text);

const splitUrl = (request: IncomingMessage, pattern: RegExp): readonly string[] =>
  unescaped(new URL(request.url ?? '', 'http://x').pathname).match(pattern) ?? [];

function json(response: ServerResponse, value: unknown): void {
  response.setHeader('Content-Type', 'application/json').end(JSON.stringify(value));
}

function refuse(response: ServerResponse, status: number, code?: string): void {
  response.writeHead(status, code === undefined ? {} : { 'X-Error-Code': code }).end();
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(302, { Location: location }).end();
}
