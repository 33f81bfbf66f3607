import { printable } from '../../contracts/printable.ts';

/** A value of a file whose keys may be looked at; lists have none that are asked for. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null;
}

/** A value where a word was expected, for messages. What holds others is not shown: it may be nested by the million. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  return isObject(value) ? 'an object' : printable(value);
}
