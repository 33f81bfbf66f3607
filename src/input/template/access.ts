/** `value.name`, `value[key]` and `value[from:to]`, as jinja2's immutable sandbox allows them. */
import { bind } from './arguments.ts';
import { braceFormat } from './brace-format.ts';
import { equal } from './compare.ts';
import { fail } from './failure.ts';
import { rangeLength } from './iterate.ts';
import { keyOf } from './keys.ts';
import { refuse } from './refuse.ts';
import { characters } from './text.ts';
import { REFUSED_TEXT_METHODS, TEXT_METHODS } from './text-methods.ts';
import {
  type Arguments,
  type Dict,
  isList,
  method,
  orElse,
  tuple,
  typeName,
  undefinedBecause,
  type Value,
} from './values.ts';

const lacks = (value: Value, name: string) =>
  undefinedBecause(`'${typeName(value)} object' has no attribute '${name}'`);

/** `value.name`: the attribute of that name before the item. */
export function attribute(value: Value, name: string): Value {
  return orElse(attributeOf(value, name), () =>
    orElse(itemOf(value, name), () => lacks(value, name)),
  );
}

/** `value[key]`: the item before the attribute. */
export function item(value: Value, key: Value): Value {
  const found = itemOf(value, key);
  if (found !== undefined) return found;
  if (typeof key === 'string') return orElse(attributeOf(value, key), () => lacks(value, key));
  return undefinedBecause(`'${typeName(value)} object' has no such element`);
}

const MUTATORS = {
  dict: ['clear', 'pop', 'popitem', 'setdefault', 'update'],
  list: ['append', 'clear', 'extend', 'insert', 'pop', 'remove', 'reverse', 'sort'],
};

/** Undefined (of JavaScript) where Python raises AttributeError. */
export function attributeOf(value: Value, name: string): Value | undefined {
  if (name.startsWith('__')) return refuse(`the attribute "${name}"`);
  if (typeof value === 'string') return textMethod(value, name);
  if (value === null) return undefined;
  if (typeof value !== 'object') return numberAttribute(value, name);
  if (isList(value)) {
    if (MUTATORS.list.includes(name)) return unsafe('list', name);
    return name === 'copy' ? copying(value) : sequenceMethod(value, value, name);
  }
  switch (value.kind) {
    case 'undefined':
      return name.startsWith('_') ? refuse(`the attribute "${name}"`) : fail(value.reason);
    case 'dict':
      if (MUTATORS.dict.includes(name)) return unsafe('dict', name);
      return dictMethod(value, name);
    case 'tuple':
      return value.names?.includes(name)
        ? value.items[value.names.indexOf(name)]
        : sequenceMethod(value, value.items, name);
    case 'namespace':
      return value.attributes.get(name);
    case 'range':
      if (name === 'start' || name === 'stop' || name === 'step') return value[name];
      return name === 'count' || name === 'index' ? refuse(`range.${name}`) : undefined;
    case 'view':
      return name === 'isdisjoint' || name === 'mapping'
        ? refuse(`dict_${value.of}.${name}`)
        : undefined;
    case 'lazy':
      return refuse('attributes of a generator');
    case 'markup':
      return refuse('methods of escaped text');
    default:
      return value.attribute(name);
  }
}

const unsafe = (type: string, name: string) =>
  undefinedBecause(`access to attribute '${name}' of '${type}' object is unsafe`);

const NUMBER_ATTRIBUTES =
  /^(as_integer_ratio|bit_count|bit_length|conjugate|denominator|from_(bytes|hex)|fromhex|hex|imag|is_integer|numerator|real|to_bytes)$/;

function numberAttribute(value: Value, name: string): undefined {
  return NUMBER_ATTRIBUTES.test(name) ? refuse(`${typeName(value)}.${name}`) : undefined;
}

const STEPS = { attribute, item };

function textMethod(text: string, name: string): Value | undefined {
  if (name === 'format') {
    return method((given) => braceFormat(text, given, STEPS));
  }
  if (REFUSED_TEXT_METHODS.has(name)) return refuse(`str.${name}`);
  const call = TEXT_METHODS.get(name);
  return call && method((given) => call(text, given));
}

function copying(value: Value) {
  return method((given) => {
    bind('copy', given, []);
    return value;
  });
}

/** Of lists and tuples. */
function sequenceMethod(owner: Value, items: readonly Value[], name: string): Value | undefined {
  const sought = (given: Arguments): Value => bind(name, given, ['value/']).value;
  if (name === 'count') {
    return method((given) => {
      const value = sought(given);
      return BigInt(items.filter((each) => each === value || equal(each, value)).length);
    });
  }
  if (name !== 'index') return undefined;
  return method((given) => {
    if (given.positional.length > 1) return refuse(`${typeName(owner)}.index between places`);
    const value = sought(given);
    const at = items.findIndex((each) => each === value || equal(each, value));
    return at < 0 ? fail('the value is not in the list') : BigInt(at);
  });
}

function dictMethod(dict: Dict, name: string): Value | undefined {
  switch (name) {
    case 'keys':
    case 'values':
    case 'items':
      return method((given) => {
        bind(name, given, []);
        return { kind: 'view', of: name, dict };
      });
    case 'get':
      return method((given) => {
        const { key, default: otherwise = null } = bind('get', given, ['key/'], ['default/']);
        return orElse(dict.entries.get(keyOf(key))?.[1], () => otherwise);
      });
    case 'copy':
      return copying(dict);
    case 'fromkeys':
      return refuse('dict.fromkeys');
    default:
      return undefined;
  }
}

/** Undefined (of JavaScript) where Python raises TypeError or LookupError. */
function itemOf(value: Value, key: Value): Value | undefined {
  if (value === null || (typeof value !== 'object' && typeof value !== 'string')) return undefined;
  if (typeof value === 'string') return at(characters(value), key);
  if (isList(value)) return at(value, key);
  switch (value.kind) {
    case 'undefined':
      return fail(value.reason);
    case 'dict':
      return isHashable(key) ? value.entries.get(keyOf(key))?.[1] : undefined;
    case 'tuple':
      return at(value.items, key);
    case 'range': {
      const length = Number(rangeLength(value));
      const place = placeIn(length, key);
      return place === undefined ? undefined : value.start + BigInt(place) * value.step;
    }
    case 'markup':
      return refuse('parts of escaped text');
    default:
      return undefined;
  }
}

function isHashable(key: Value): boolean {
  if (key === null || typeof key !== 'object') return true;
  if (isList(key)) return false;
  return key.kind === 'tuple' ? key.items.every(isHashable) : key.kind !== 'dict';
}

function at(items: string | readonly Value[], key: Value): Value | undefined {
  const place = placeIn(items.length, key);
  return place === undefined ? undefined : items[place];
}

function placeIn(length: number, key: Value): number | undefined {
  if (typeof key !== 'bigint' && typeof key !== 'boolean') return undefined;
  const place = Number(key) < 0 ? Number(key) + length : Number(key);
  return place >= 0 && place < length ? place : undefined;
}

/** `value[start:stop:step]`; null where a place is left out. */
export function slice(value: Value, start: Value, stop: Value, step: Value): Value {
  if (typeof value === 'string') {
    const all = characters(value);
    return places(all.length, start, stop, step)
      .map((place) => all[place])
      .join('');
  }
  if (isList(value)) return pick(value, start, stop, step);
  if (value !== null && typeof value === 'object') {
    if (value.kind === 'tuple') return tuple(pick(value.items, start, stop, step));
    if (value.kind === 'undefined') return fail(value.reason);
    if (value.kind === 'range' || value.kind === 'markup')
      return refuse(`a slice of ${value.kind}`);
  }
  return refuse(`a slice of ${typeName(value)}`); // where all is constant, jinja2 makes it undefined
}

function pick(items: readonly Value[], start: Value, stop: Value, step: Value): Value[] {
  return places(items.length, start, stop, step).map((place) => items[place] as Value);
}

function places(length: number, start: Value, stop: Value, step: Value): number[] {
  const by = step === null ? 1 : Number(step);
  if (typeof step !== 'bigint' && step !== null && typeof step !== 'boolean')
    return refuse('a slice by other than ints');
  if (by === 0) return fail('slice step cannot be zero');
  const [lowest, highest] = by > 0 ? [0, length] : [-1, length - 1];
  const bound = (value: Value, otherwise: number) => {
    if (value === null) return otherwise;
    if (typeof value !== 'bigint' && typeof value !== 'boolean')
      return refuse('a slice by other than ints');
    const index = Number(value);
    return Math.min(highest, Math.max(lowest, index < 0 ? index + length : index));
  };
  const from = bound(start, by > 0 ? lowest : highest);
  const to = bound(stop, by > 0 ? highest : lowest);
  const found: number[] = [];
  for (let place = from; by > 0 ? place < to : place > to; place += by) found.push(place);
  return found;
}
