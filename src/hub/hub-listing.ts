import { listFiles, modelInfo } from '@huggingface/hub';
import * as z from 'zod';
import { HubTransferError, MsdError } from '../contracts/errors.ts';
import { printable } from '../contracts/printable.ts';
import type { HubEnvironment } from './hub-environment.ts';
import { hubRequest } from './hub-request.ts';
import { isCommit, type ModelName } from './model-name.ts';
import { isSafePath } from './safe-path.ts';
import { withRetries } from './try-again.ts';

/** A file of a repository at one commit. */
export interface HubFile {
  /** Parted by slashes; safe to write below a folder. */
  readonly path: string;
  readonly bytes: number;
  /** Names its blob: SHA-256 of the content for what Git LFS or Xet holds, else Git's SHA-1 of it. */
  readonly hash: string;
}

export interface HubListing {
  readonly commit: string;
  readonly files: readonly HubFile[];
}

/** What asking takes. */
export interface Asking {
  readonly hub: HubEnvironment;
  readonly signal: AbortSignal;
  readonly sleep: (ms: number) => Promise<void>;
  /** Default: Node's own. */
  readonly fetch?: typeof globalThis.fetch;
  /** Told before the break that comes before another try. */
  readonly onRetry?: (problem: string, waitMs: number) => void;
}

const bytes = z.int().nonnegative();
const hex = (digits: number) => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`));
const entrySchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('file'),
    path: z.string(),
    size: bytes,
    oid: hex(40),
    lfs: z.object({ oid: hex(64), size: bytes }).optional(),
  }),
  z.object({ type: z.enum(['directory', 'unknown']) }),
]);

/**
 * Asks the hub what a revision holds. A server that lists a name which leads out of a folder is believed nothing.
 * @throws GatedModelError, MissingModelError, HubTransferError
 */
export async function hubListing(
  { model, revision = 'main' }: ModelName,
  asking: Asking,
): Promise<HubListing> {
  const { endpoint } = asking.hub;
  const fetch = apiFetch(model, asking);
  try {
    const info = { name: model, revision, hubUrl: endpoint, additionalFields: ['sha' as const] };
    const { sha: commit } = await modelInfo({ ...info, fetch });
    if (typeof commit !== 'string' || !isCommit(commit)) throw strange(endpoint, 'no commit');
    const files: HubFile[] = [];
    const repo = { type: 'model', name: model } as const;
    const entries = listFiles({ repo, recursive: true, revision: commit, hubUrl: endpoint, fetch });
    for await (const entry of entries) {
      const read = entrySchema.safeParse(entry);
      if (!read.success) throw strange(endpoint, `the entry ${printable(entry)}`);
      if (read.data.type !== 'file') continue;
      const { path, size, oid, lfs } = read.data;
      if (!isSafePath(path)) throw strange(endpoint, `the file name ${printable(path)}`);
      files.push({ path, bytes: lfs?.size ?? size, hash: lfs?.oid ?? oid });
    }
    return { commit, files };
  } catch (cause) {
    if (MsdError.is(cause) || asking.signal.aborted) throw cause;
    throw strange(endpoint, 'something else than a list of files', cause);
  }
}

function strange(endpoint: string, what: string, cause?: unknown): HubTransferError {
  const problem = `the server answered with ${what}, which no hub does; check HF_ENDPOINT.`;
  return new HubTransferError(endpoint, problem, { cause });
}

const MOST_PAGES = 200;
const MOST_PAGE_BYTES = 32 * 2 ** 20;

/** A `fetch` for the library's calls: ours, with bounds on what a server may send. */
function apiFetch(
  model: string,
  { hub, signal, fetch, ...retries }: Asking,
): typeof globalThis.fetch {
  let pages = 0;
  return async (input) => {
    const url = input instanceof Request ? input.url : String(input);
    pages += 1;
    if (pages > MOST_PAGES) throw strange(hub.endpoint, 'a list without end');
    const page = async () => {
      const answer = await hubRequest({ url, model, signal, fetch }, hub);
      const text = await textOf(answer.pieces, hub.endpoint);
      const link = answer.headers.get('link');
      return new Response(text, link === null ? {} : { headers: { link } });
    };
    return withRetries(page, retries);
  };
}

async function textOf(pieces: AsyncIterable<Uint8Array>, endpoint: string): Promise<string> {
  const read: Uint8Array[] = [];
  let size = 0;
  for await (const piece of pieces) {
    size += piece.length;
    if (size > MOST_PAGE_BYTES) throw strange(endpoint, 'over 32 MiB for one list');
    read.push(piece);
  }
  return Buffer.concat(read).toString('utf8');
}
