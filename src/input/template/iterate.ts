/** Going over values, their length and their truth. */
import { fail } from './failure.ts';
import { refuse } from './refuse.ts';
import { characters, lengthOf } from './text.ts';
import {
  type Dict,
  is,
  isList,
  type Range,
  tuple,
  typeName,
  type Value,
  type View,
} from './values.ts';

/** Fails where Python's `iter` raises TypeError. */
export function iterate(value: Value): Iterator<Value> {
  const items = itemsIn(value);
  return items ?? fail(`'${typeName(value)}' object is not iterable`);
}

/** Undefined for what can't be gone over. */
export function itemsIn(value: Value): Iterator<Value> | undefined {
  if (typeof value === 'string') return characters(value)[Symbol.iterator]();
  if (value === null || typeof value !== 'object') return undefined;
  if (isList(value)) return value[Symbol.iterator]();
  switch (value.kind) {
    case 'tuple':
      return value.items[Symbol.iterator]();
    case 'dict':
      return keysOf(value);
    case 'range':
      return numbersOf(value);
    case 'view':
      return viewItems(value);
    case 'lazy':
      return value.items;
    case 'undefined':
      return ([] as Value[])[Symbol.iterator]();
    case 'markup':
      return refuse('going over escaped text');
    case 'opaque':
      return value.length === undefined ? undefined : refuse(`going over ${value.what}`);
    default:
      return undefined;
  }
}

export function* iterable(value: Value): Generator<Value, void> {
  const items = iterate(value);
  for (let step = items.next(); !step.done; step = items.next()) yield step.value;
}

export function listOf(value: Value): Value[] {
  return [...iterable(value)];
}

function* keysOf(dict: Dict): Generator<Value, void> {
  for (const [key] of dict.entries.values()) yield key;
}

function* numbersOf({ start, stop, step }: Range): Generator<Value, void> {
  for (let n = start; step > 0n ? n < stop : n > stop; n += step) yield n;
}

function* viewItems({ of, dict }: View): Generator<Value, void> {
  for (const [key, value] of dict.entries.values()) {
    yield of === 'items' ? tuple([key, value]) : of === 'keys' ? key : value;
  }
}

export function rangeLength({ start, stop, step }: Range): bigint {
  const span = step > 0n ? stop - start : start - stop;
  const by = step > 0n ? step : -step;
  return span <= 0n ? 0n : (span + by - 1n) / by;
}

/** What `len()` gives; undefined where it raises TypeError. */
export function lengthIn(value: Value): bigint | undefined {
  if (typeof value === 'string') return BigInt(lengthOf(value));
  if (value === null || typeof value !== 'object') return undefined;
  if (isList(value)) return BigInt(value.length);
  switch (value.kind) {
    case 'tuple':
      return BigInt(value.items.length);
    case 'dict':
      return BigInt(value.entries.size);
    case 'view':
      return BigInt(value.dict.entries.size);
    case 'range':
      return rangeLength(value);
    case 'undefined':
      return 0n;
    case 'markup':
      return BigInt(lengthOf(value.text));
    case 'opaque':
      return value.length?.();
    default:
      return undefined;
  }
}

export function truth(value: Value): boolean {
  if (typeof value === 'boolean') return value;
  if (value === null) return false;
  if (typeof value === 'number') return value !== 0; // NaN is true
  if (typeof value === 'bigint') return value !== 0n;
  if (is(value, 'opaque')) return true;
  return (lengthIn(value) ?? 1n) !== 0n;
}
