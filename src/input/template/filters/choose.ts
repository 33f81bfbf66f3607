/** `map`, `select` and their kin: generators, which look at an item when it is asked for. */
import { fail } from '../failure.ts';
import { iterable, truth } from '../iterate.ts';
import type { Filter, Runtime } from '../runtime.ts';
import { type Arguments, lazy, type Value } from '../values.ts';
import { follow } from './path.ts';

const map: Filter = ({ positional: [value = null, ...rest], named }, runtime) =>
  lazy(
    (function* () {
      if (!truth(value)) return;
      const change = mapping(rest, named, runtime);
      for (const item of iterable(value)) yield change(item);
    })(),
  );

function mapping(
  [name, ...rest]: readonly Value[],
  named: Arguments['named'],
  runtime: Runtime,
): (item: Value) => Value {
  if (name === undefined && named.has('attribute')) {
    const unknown = [...named.keys()].find((key) => key !== 'attribute' && key !== 'default');
    if (unknown !== undefined) return fail(`Unexpected keyword argument '${unknown}'`);
    return follow(named.get('attribute') ?? null, named.get('default') ?? null);
  }
  if (typeof name !== 'string') return fail('map requires a filter argument');
  return (item) => runtime.filter(name, { positional: [item, ...rest], named });
}

/** Keeps the items whose test, after an attribute of them where `byAttribute`, comes out as `kept`. */
function choosing(kept: boolean, byAttribute: boolean): Filter {
  return ({ positional: [value = null, ...rest], named }, runtime) =>
    lazy(
      (function* () {
        if (!truth(value)) return;
        const passes = testing(rest, named, byAttribute, runtime);
        for (const item of iterable(value)) if (passes(item) === kept) yield item;
      })(),
    );
}

function testing(
  given: readonly Value[],
  named: Arguments['named'],
  byAttribute: boolean,
  runtime: Runtime,
): (item: Value) => boolean {
  const [path, ...behind] = given;
  if (byAttribute && path === undefined) return fail('Missing parameter for attribute name');
  const part = byAttribute ? follow(path ?? null) : (item: Value) => item;
  const [name, ...rest] = byAttribute ? behind : given;
  if (name === undefined) return (item) => truth(part(item));
  if (typeof name !== 'string') return fail('the name of a test must be a text');
  return (item) => runtime.test(name, { positional: [part(item), ...rest], named });
}

export const CHOICE_FILTERS: readonly (readonly [string, Filter])[] = [
  ['map', map],
  ['select', choosing(true, false)],
  ['reject', choosing(false, false)],
  ['selectattr', choosing(true, true)],
  ['rejectattr', choosing(false, true)],
];
