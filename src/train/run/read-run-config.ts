/** A run's config: defaults of the schema, then a JSON file, then `key=value` overrides, each over the one before. */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type * as z from 'zod';
import { ConfigError } from '../../contracts/errors.ts';
import { errorCode, ioError } from '../../files/io-error.ts';
import { jsonTrap } from '../../files/json-trap.ts';
import { resolveModel } from '../../hub/resolve-model.ts';
import { applyOverride, joinLists, type Override, parseOverride } from './config-override.ts';
import { configProblem } from './config-problem.ts';
import { type Group, isGroup, valueAt, withValue } from './config-tree.ts';
import { listKeys } from './known-keys.ts';

export interface ConfigSource {
  /** Path of a JSON file. */
  readonly file?: string;
  /** `optimiser.rate=1e-4`; of two for one key the later holds, but for lists: see joinLists. */
  readonly overrides: readonly string[];
  /**
   * Dotted keys that hold a path or a list of paths. They become absolute: in the file they count from its folder, in
   * an override from the working folder. A default of the schema stays as it is.
   */
  readonly paths: readonly string[];
  /** Dotted keys that hold the path or the name of a model. They become the path of its folder, likewise. */
  readonly models?: readonly string[];
}

/**
 * Reads and checks a config. Its schema must be made of strict objects, so that unknown keys are refused.
 * @throws ConfigError naming the key, what is wrong and what is allowed; ModelNotFoundError
 */
export async function readRunConfig<Schema extends z.ZodType>(
  schema: Schema,
  source: ConfigSource,
): Promise<z.output<Schema>> {
  const { file, overrides, paths, models = [] } = source;
  const given = joinLists(overrides.map(parseOverride), listKeys(schema)).map((override) =>
    absoluteOverride(override, { paths, models }),
  );
  const left = models.filter((model) => !given.some(({ key }) => key === model));
  const inFile =
    file === undefined
      ? {}
      : absolutePaths(await readGroup(file), { paths, models: left }, dirname(resolve(file)));
  const read = schema.safeParse(given.reduce(applyOverride, inFile));
  if (read.success) return read.data;
  const { key, problem, advice } = configProblem(read.error, schema);
  throw new ConfigError(key, `${problem}${originOf(key, source)}${advice}`);
}

async function readGroup(file: string): Promise<Group> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if (errorCode(cause) !== 'ENOENT') throw ioError(file, cause);
    throw new ConfigError(file, 'there is no such config file; check the path.', { cause });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(file, `this is no JSON (${reason}); correct it.`, { cause });
  }
  const trap = jsonTrap(text);
  if (trap !== undefined) throw new ConfigError(file, `the config ${trap}; correct it.`);
  if (isGroup(value)) return value;
  throw new ConfigError(file, 'a config is one object of keys; correct it.');
}

interface PathKeys {
  readonly paths: readonly string[];
  readonly models: readonly string[];
}

function absolutePaths(config: Group, { paths, models }: PathKeys, folder: string): Group {
  const files = mapped(config, paths, (path) => resolve(folder, path));
  return mapped(files, models, (model) => resolveModel(model, folder));
}

/** The config with `change` done to each text, or list of texts, at those keys. */
function mapped(config: Group, keys: readonly string[], change: (text: string) => string): Group {
  const changed = (value: unknown) => (typeof value === 'string' ? change(value) : value);
  return keys.reduce((tree, key) => {
    const value = valueAt(tree, key);
    if (value === undefined) return tree;
    return withValue(tree, key, Array.isArray(value) ? value.map(changed) : changed(value));
  }, config);
}

function absoluteOverride(override: Override, keys: PathKeys): Override {
  const { key, value } = override;
  const tree = absolutePaths(withValue({}, key, value), keys, '.');
  return { ...override, value: valueAt(tree, key) };
}

/** Where the value at a key was given. */
function originOf(key: string, { file, overrides }: ConfigSource): string {
  const within = (one: string, other: string) => `${other}.`.startsWith(`${one}.`);
  const override = overrides.findLast((text) => {
    const given = text.slice(0, text.indexOf('=')).trim();
    return within(given, key) || within(key, given);
  });
  if (override !== undefined) return ` (given as ${override})`;
  return file === undefined ? '' : ` (in ${file})`;
}
