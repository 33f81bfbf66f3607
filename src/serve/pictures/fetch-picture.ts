import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import { Agent, request } from 'undici';
import type { ApiError } from '../api/api-error.ts';
import { refusedPicture } from './picture-door.ts';

/** The network, as far as pictures need it. */
export interface Web {
  readonly resolve: (host: string) => Promise<readonly LookupAddress[]>;
  readonly isPrivate: (address: string) => boolean;
}

const MOST_REDIRECTS = 3;
/** Milliseconds for all of it. */
const PATIENCE = 10_000;

/**
 * Fetches pictures of allowed hosts alone. Every redirect is checked as the first address was; a host must resolve to public
 * addresses alone, and the connection goes to one of those that were checked, whatever the name resolves to by then.
 */
export function createPictureFetcher(
  hosts: readonly string[],
  web: Web,
  patience = PATIENCE,
): (url: URL, mostBytes: number) => Promise<Uint8Array> {
  const allowed = new Set(hosts.map((host) => host.toLowerCase()));
  return async (url, mostBytes) => {
    const signal = AbortSignal.timeout(patience);
    let at = url;
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
      if (!allowed.has(at.hostname.toLowerCase())) throw notAllowed(at, hosts);
      const addresses = await Promise.race([checkedAddresses(at, web), late(url, signal)]);
      const given = await getOnce(at, addresses, mostBytes, signal);
      if (given instanceof Uint8Array) return given;
      at = given;
    }
    throw refusedPicture(`${url.hostname} redirects more than ${MOST_REDIRECTS} times.`);
  };
}

function notAllowed({ hostname }: URL, hosts: readonly string[]): ApiError {
  return refusedPicture(
    hosts.length === 0
      ? 'web addresses are not fetched here; send the picture as a data: URI.'
      : `${hostname} is no host that pictures are fetched from here; send a data: URI.`,
  );
}

/** Looking up a name can't be ended, but not waited for. */
const late = ({ hostname }: URL, signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    const end = () => reject(refusedPicture(`${hostname} takes too long.`));
    signal.addEventListener('abort', end, { once: true });
  });

async function checkedAddresses(url: URL, web: Web): Promise<readonly LookupAddress[]> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const family = isIP(host);
  const addresses = await (family > 0
    ? [{ address: host, family }]
    : web.resolve(host).catch(() => []));
  if (addresses.length === 0) throw refusedPicture(`${host} is not found.`);
  if (addresses.some(({ address }) => web.isPrivate(address))) {
    throw refusedPicture(`${host} leads to an address that is not public.`);
  }
  return addresses;
}

/** The bytes, or where a redirect leads. */
async function getOnce(
  url: URL,
  addresses: readonly LookupAddress[],
  mostBytes: number,
  signal: AbortSignal,
): Promise<Uint8Array | URL> {
  const [first] = addresses;
  const agent = new Agent({
    connect: {
      lookup: (_host, { all }, found) => {
        if (all) found(null, [...addresses]);
        else found(null, first?.address ?? '', first?.family ?? 4);
      },
    },
  });
  try {
    const { statusCode, headers, body } = await request(url, { dispatcher: agent, signal });
    const { location } = headers;
    if (statusCode >= 300 && statusCode < 400 && typeof location === 'string') {
      if (URL.canParse(location, url.href)) return new URL(location, url);
      throw refusedPicture(`${url.hostname} redirects to what is no address.`);
    }
    if (statusCode !== 200) throw refusedPicture(`${url.hostname} answers ${statusCode}.`);
    const parts: Uint8Array[] = [];
    let bytes = 0;
    for await (const part of body as AsyncIterable<Uint8Array>) {
      bytes += part.length;
      if (bytes > mostBytes) {
        throw refusedPicture(`one has more than ${mostBytes} bytes; send a smaller file.`);
      }
      parts.push(part);
    }
    return new Uint8Array(Buffer.concat(parts));
  } catch (error) {
    if (error instanceof Error && error.name === 'ApiError') throw error;
    const problem = signal.aborted ? 'takes too long' : "can't be reached";
    throw refusedPicture(`${url.hostname} ${problem}.`);
  } finally {
    void agent.destroy();
  }
}
