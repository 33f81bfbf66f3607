/** Where models are kept and how the hub is asked: the variables that Python's huggingface_hub reads, by its rules. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '../contracts/errors.ts';
import { homeFolder } from '../files/home-folder.ts';

/** Variables of a process. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** How the hub is asked. */
export interface HubEnvironment {
  /** Without a slash at its end. */
  readonly endpoint: string;
  readonly token: string | undefined;
  /** Milliseconds without a byte after which a request is given up. */
  readonly stallMs: number;
  readonly offline: boolean;
}

const STALL_SECONDS = 10;

/** Folder of the cache: HF_HUB_CACHE, else `hub` in HF_HOME, else in the user's cache folder. */
export function hubCache(env: Variables): string {
  return expanded(env.HF_HUB_CACHE || env.HUGGINGFACE_HUB_CACHE || join(hubHome(env), 'hub'), env);
}

/** @throws ConfigError if HF_ENDPOINT is no address */
export function hubEnvironment(env: Variables): HubEnvironment {
  const seconds = Number(env.HF_HUB_DOWNLOAD_TIMEOUT);
  return {
    endpoint: endpointOf(env.HF_ENDPOINT || 'https://huggingface.co'),
    token: isTrue(env.HF_HUB_DISABLE_IMPLICIT_TOKEN) ? undefined : tokenOf(env),
    stallMs: 1000 * (seconds > 0 ? seconds : STALL_SECONDS),
    offline: isTrue(env.HF_HUB_OFFLINE || env.TRANSFORMERS_OFFLINE),
  };
}

function endpointOf(given: string): string {
  if (URL.canParse(given) && /^https?:/i.test(given)) return given.replace(/\/+$/, '');
  throw new ConfigError('HF_ENDPOINT', 'it must be an address, as https://huggingface.co.');
}

function tokenOf(env: Variables): string | undefined {
  const given = clean(env.HF_TOKEN || env.HUGGING_FACE_HUB_TOKEN);
  return given ?? clean(textAt(expanded(env.HF_TOKEN_PATH || join(hubHome(env), 'token'), env)));
}

const hubHome = (env: Variables): string =>
  expanded(env.HF_HOME || join(env.XDG_CACHE_HOME || '~/.cache', 'huggingface'), env);

/** `~` and `$NAME` replaced, as a shell does. */
function expanded(path: string, env: Variables): string {
  return path
    .replace(/^~(?=$|[\\/])/, homeFolder)
    .replace(/\$(?:\{(\w+)\}|(\w+))/g, (all, braced, bare) => env[braced ?? bare] ?? all);
}

function textAt(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // nobody logged in
  }
}

const clean = (token: string | undefined): string | undefined =>
  token?.replace(/[\r\n]/g, '').trim() || undefined;

const isTrue = (value: string | undefined): boolean => /^(1|on|yes|true)$/i.test(value ?? '');
