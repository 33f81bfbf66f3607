import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import * as z from 'zod';
import { ConfigError } from '../../contracts/errors.ts';
import { homeFolder } from '../../files/home-folder.ts';
import { errorCode, ioError } from '../../files/io-error.ts';

/** What a user sets once, for all calls. A flag goes before a variable, a variable before the file. */
export interface Settings {
  readonly model?: string;
  readonly draft?: string;
  readonly threads?: number;
  /** Folder of what the program keeps. */
  readonly cache?: string;
  /** Flags of `msd serve`, by their names without dashes: `apiKeyFile`. */
  readonly serve?: Readonly<Record<string, unknown>>;
}

type Variables = Readonly<Record<string, string | undefined>>;

const THREADS = 'must be a whole number from 1 to 1024';
const schema = z.strictObject({
  model: z.string('must be a text').min(1, 'must not be empty').optional(),
  draft: z.string('must be a text').min(1, 'must not be empty').optional(),
  threads: z.int(THREADS).min(1, THREADS).max(1024, THREADS).optional(),
  cache: z.string('must be a text').min(1, 'must not be empty').optional(),
  serve: z.record(z.string(), z.unknown(), 'must be an object of flags').optional(),
});

/** The file: MSD_CONFIG, else msd-ts/config.json in the user's folder of settings. */
export function settingsFile({ MSD_CONFIG, XDG_CONFIG_HOME = '' }: Variables): string {
  if (MSD_CONFIG) return resolve(MSD_CONFIG);
  const folder = isAbsolute(XDG_CONFIG_HOME) ? XDG_CONFIG_HOME : join(homeFolder(), '.config');
  return join(folder, 'msd-ts', 'config.json');
}

/**
 * Settings of the file and of MSD_MODEL, MSD_DRAFT, MSD_THREADS, MSD_CACHE. An empty variable is none. A draft belongs to
 * the model that stands beside it: where a variable names the model, the file's draft is left.
 * @throws ConfigError naming the variable, or the file and its key
 */
export function readSettings(env: Variables): Settings {
  const inFile = readFile(settingsFile(env), Boolean(env.MSD_CONFIG));
  const { MSD_MODEL, MSD_DRAFT, MSD_THREADS, MSD_CACHE } = env;
  const { draft: _, ...others } = inFile;
  return {
    ...(MSD_MODEL ? others : inFile),
    ...(MSD_MODEL && { model: MSD_MODEL }),
    ...(MSD_DRAFT && { draft: MSD_DRAFT }),
    ...(MSD_THREADS && { threads: threadsIn(MSD_THREADS) }),
    ...(MSD_CACHE && { cache: resolve(MSD_CACHE) }),
  };
}

function threadsIn(text: string): number {
  const threads = schema.shape.threads.safeParse(/^\d+$/.test(text) ? Number(text) : text);
  if (threads.success && threads.data !== undefined) return threads.data;
  throw new ConfigError('MSD_THREADS', `it ${THREADS}.`);
}

function readFile(file: string, required: boolean): Settings {
  const text = textOf(file, required);
  if (text === undefined) return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ConfigError(file, 'this is not valid JSON; correct it.', { cause });
  }
  const read = schema.safeParse(value);
  if (!read.success) throw new ConfigError(file, problemOf(read.error));
  const { model, draft, threads, cache, serve } = read.data;
  const place = (path: string) => placeOf(path, dirname(file));
  return {
    ...(model !== undefined && { model: place(model) }),
    ...(draft !== undefined && { draft: place(draft) }),
    ...(threads !== undefined && { threads }),
    ...(cache !== undefined && { cache: resolve(dirname(file), place(cache)) }),
    ...(serve !== undefined && { serve }),
  };
}

function textOf(file: string, required: boolean): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (errorCode(cause) !== 'ENOENT') throw ioError(file, cause);
    if (required) throw new ConfigError(file, 'there is no such file; check MSD_CONFIG.');
    return undefined;
  }
}

/** From the home folder after `~`, from the file's folder after a dot; others, as the names of models, stay. */
function placeOf(path: string, folder: string): string {
  if (/^~(?=[\\/]|$)/.test(path)) return join(homeFolder(), path.slice(1));
  return /^\.\.?(?=[\\/]|$)/.test(path) ? resolve(folder, path) : path;
}

function problemOf(error: z.ZodError): string {
  const [issue] = error.issues;
  if (issue?.code === 'unrecognized_keys') {
    const known = Object.keys(schema.shape).join(', ');
    return `${issue.keys.join(', ')}: there is no such setting; there are ${known}.`;
  }
  const key = issue?.path.join('.') ?? '';
  return key === '' ? 'this is no object of settings; correct it.' : `${key} ${issue?.message}.`;
}
