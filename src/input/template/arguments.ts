/** Arguments come to the names that a function gives them. */
import { fail } from './failure.ts';
import { type Arguments, is, typeName, type Value } from './values.ts';

type Bare<Name extends string> = Name extends `${infer Before}/` ? Before : Name;

/** Values by name. A name with a slash behind it is given by place alone. */
export function bind<const Required extends string, const Optional extends string = never>(
  what: string,
  { positional, named }: Arguments,
  required: readonly Required[],
  optional: readonly Optional[] = [],
): { readonly [name in Bare<Required>]: Value } & { readonly [name in Bare<Optional>]?: Value } {
  const names: readonly string[] = [...required, ...optional];
  if (positional.length > names.length) {
    return fail(`${what} takes at most ${names.length} arguments (${positional.length} given)`);
  }
  const bare = names.map((name) => name.replace('/', ''));
  const bound = new Map(positional.map((value, i) => [bare[i] ?? '', value]));
  for (const [name, value] of named) {
    if (!names.includes(name)) return fail(`${what} got an unexpected keyword argument '${name}'`);
    if (bound.has(name)) return fail(`${what} got multiple values for argument '${name}'`);
    bound.set(name, value);
  }
  const lacking = bare.slice(0, required.length).find((name) => !bound.has(name));
  if (lacking !== undefined) return fail(`${what} misses the argument '${lacking}'`);
  return Object.fromEntries(bound) as ReturnType<typeof bind<Required, Optional>>;
}

/** An int or a bool, as Python takes for an index or a count. */
export function indexOf(value: Value, what: string): number {
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'bigint') return Number(value);
  return fail(`${what} must be an integer, not ${typeName(value)}`);
}

export function textOf(value: Value, what: string): string {
  if (typeof value === 'string') return value;
  if (is(value, 'markup')) return value.text;
  return fail(`${what} must be str, not ${typeName(value)}`);
}
