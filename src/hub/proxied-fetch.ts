import { ConfigError } from '../contracts/errors.ts';
import type { Variables } from './hub-environment.ts';

/** A `fetch` that goes through proxies, and what it goes by, in words. */
export interface Proxied {
  readonly fetch: typeof globalThis.fetch;
  /** As `HTTPS_PROXY is http://proxy:3128`, without names and passwords. */
  readonly by: string;
}

/**
 * The proxies of HTTPS_PROXY, HTTP_PROXY and ALL_PROXY, but for hosts of NO_PROXY; in small letters too, which go first.
 * Node's own `fetch` reads none of them. Undefined where none is set.
 * @throws ConfigError for an address that is no HTTP proxy's
 */
export async function proxiedFetch(env: Variables): Promise<Proxied | undefined> {
  const all = proxyIn(env, 'ALL_PROXY');
  const https = proxyIn(env, 'HTTPS_PROXY') ?? all;
  const http = proxyIn(env, 'HTTP_PROXY') ?? all;
  const noProxy = variable(env, 'NO_PROXY') ?? '';
  if (https === undefined && http === undefined) return undefined;
  const { EnvHttpProxyAgent, fetch } = await import('undici');
  const dispatcher = new EnvHttpProxyAgent({
    httpProxy: http?.address ?? '',
    httpsProxy: https?.address ?? '',
    noProxy,
  });
  const proxied = (url: string | URL | Request, init?: object): Promise<unknown> =>
    fetch(url instanceof Request ? url.url : url, { ...init, dispatcher });
  const named = new Map([https, http].flatMap((one) => (one ? [[one.name, one.shown]] : [])));
  const words = [...named, ...(noProxy === '' ? [] : [['NO_PROXY', noProxy]])];
  return {
    fetch: proxied as typeof globalThis.fetch, // the same by its standard, in another package's types
    by: words.map(([name, value]) => `${name} is ${value}`).join(', '),
  };
}

const variable = (env: Variables, name: string): string | undefined =>
  env[name.toLowerCase()] || env[name] || undefined;

function proxyIn(env: Variables, name: string) {
  const given = variable(env, name);
  if (given === undefined) return undefined;
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? given : `http://${given}`;
  if (URL.canParse(address) && /^https?:/i.test(address)) {
    return { name, address, shown: new URL(address).origin };
  }
  throw new ConfigError(name, 'it must be the address of an HTTP proxy, as http://proxy:3128.');
}
