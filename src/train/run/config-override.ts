import { ConfigError } from '../../contracts/errors.ts';
import { jsonIn } from '../../files/json-file.ts';
import { jsonTrap } from '../../files/json-trap.ts';
import { type Group, isGroup, valueAt, withValue } from './config-tree.ts';
import type { Listed } from './known-keys.ts';

/** `key=value` as it stands on a command line. */
export interface Override {
  readonly text: string;
  /** Dotted. */
  readonly key: string;
  readonly value: unknown;
}

/** Reads `optimiser.rate=1e-4`: the value as JSON, or as the text that it is if it is no JSON. */
export function parseOverride(text: string): Override {
  const equals = text.indexOf('=');
  const key = text.slice(0, Math.max(equals, 0)).trim();
  if (key.split('.').includes('')) {
    throw new ConfigError(text, 'this is no override; write key=value, as in optimiser.rate=1e-4.');
  }
  return { text, key, value: parseValue(key, text.slice(equals + 1)) };
}

/**
 * Overrides of lists that were written plainly: `data.train=a.json,b.json`, or the key once for each, which adds to what
 * stands before it. A list in JSON is one whole, for texts with a comma in them; it takes the place of those before it.
 */
export function joinLists(
  overrides: readonly Override[],
  lists: ReadonlyMap<string, Listed>,
): Override[] {
  const plain = new Map<string, readonly unknown[]>();
  return overrides.map((override) => {
    const { key, text, value } = override;
    const kind = lists.get(key);
    if (kind === undefined || (typeof value === 'object' && value !== null)) {
      plain.delete(key);
      return override;
    }
    const written = text.slice(text.indexOf('=') + 1);
    const parts = written.startsWith('"')
      ? [value]
      : written.split(',').map((part) => (kind === 'texts' ? part : parseValue(key, part)));
    const all = [...(plain.get(key) ?? []), ...parts];
    plain.set(key, all);
    return { ...override, value: all };
  });
}

/** The config with the override's value in place of what stood there, whole groups included. */
export function applyOverride(config: Group, { key, value }: Override): Group {
  const parts = key.split('.');
  for (let length = 1; length < parts.length; length++) {
    const group = parts.slice(0, length).join('.');
    const there = valueAt(config, group);
    if (there !== undefined && !isGroup(there)) {
      throw new ConfigError(key, `${group} is no group; give it a value of its own.`);
    }
  }
  return withValue(config, key, value);
}

function parseValue(key: string, text: string): unknown {
  const value = jsonIn(text);
  if (value === undefined) return text;
  const trap = jsonTrap(text);
  if (trap === undefined) return value;
  throw new ConfigError(key, `its value ${trap}.`);
}
