/** Arguments come to the names that a function gives them. */
import { fail } from './failure.ts';
import { type Arguments, is, typeName, type Value } from './values.ts';

/**
 * Values by name, in the order of `names`; the first `required` must be given. A name with a slash behind it is given
 * by place alone.
 */
export function bind<Name extends string>(
  what: string,
  { positional, named }: Arguments,
  names: readonly (Name | `${Name}/`)[],
  required = 0,
): { readonly [name in Name]?: Value } {
  if (positional.length > names.length) {
    return fail(`${what} takes at most ${names.length} arguments (${positional.length} given)`);
  }
  const plain = names.map((name) => name.replace('/', '') as Name);
  const bound: { [name in Name]?: Value } = {};
  for (const [i, value] of positional.entries()) bound[plain[i] as Name] = value;
  for (const [key, value] of named) {
    const name = names.find((name) => name === key) as Name | undefined;
    if (name === undefined) return fail(`${what} got an unexpected keyword argument '${key}'`);
    if (name in bound) return fail(`${what} got multiple values for argument '${key}'`);
    bound[name] = value;
  }
  const lacking = plain.slice(0, required).find((name) => !(name in bound));
  if (lacking !== undefined) return fail(`${what} misses the argument '${lacking}'`);
  return bound;
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
