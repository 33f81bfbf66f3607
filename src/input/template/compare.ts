/** Equality, order and membership. */
import { fail } from './failure.ts';
import { keyOf } from './keys.ts';
import { refuse } from './refuse.ts';
import { orderText } from './text.ts';
import { type Dict, is, isList, type Tuple, typeName, type Value } from './values.ts';

export function isNumber(value: Value): value is boolean | bigint | number {
  return typeof value === 'boolean' || typeof value === 'bigint' || typeof value === 'number';
}

const plain = (value: boolean | bigint | number) =>
  typeof value === 'boolean' ? Number(value) : value;

export function equal(left: Value, right: Value): boolean {
  if (isNumber(left))
    return isNumber(right) && plain(left) <= plain(right) && plain(left) >= plain(right);
  if (left === null || typeof left === 'string') {
    return is(right, 'markup') ? left === right.text : left === right;
  }
  if (isList(left)) return isList(right) && equalItems(left, right);
  switch (left.kind) {
    case 'tuple':
      return is(right, 'tuple') && equalItems(left.items, right.items);
    case 'dict':
      return is(right, 'dict') && equalDicts(left, right);
    case 'undefined':
      return is(right, 'undefined');
    case 'markup':
      return is(right, 'markup') ? left.text === right.text : left.text === right;
    case 'range':
    case 'view':
      return is(right, left.kind) ? refuse(`comparing ${typeName(left)}s`) : false;
    default:
      return left === right;
  }
}

const same = (left: Value, right: Value) => left === right || equal(left, right);

function equalItems(left: readonly Value[], right: readonly Value[]): boolean {
  return left.length === right.length && left.every((item, i) => same(item, right[i] as Value));
}

function equalDicts(left: Dict, right: Dict): boolean {
  if (left.entries.size !== right.entries.size) return false;
  return [...left.entries].every(([place, [, value]]) => {
    const other = right.entries.get(place);
    return other !== undefined && same(value, other[1]);
  });
}

/** Python's `<`. Fails for values that have no order. */
export function less(left: Value, right: Value): boolean {
  if (isNumber(left) && isNumber(right)) return plain(left) < plain(right);
  if (typeof left === 'string' && typeof right === 'string') return orderText(left, right) < 0;
  if (isList(left) && isList(right)) return lessItems(left, right);
  if (is(left, 'tuple') && is(right, 'tuple')) return lessItems(left.items, right.items);
  if (is(left, 'markup') || is(right, 'markup')) return refuse('the order of escaped text');
  if (is(left, 'view') && is(right, 'view')) return refuse('comparing views');
  return fail(`'<' not supported between '${typeName(left)}' and '${typeName(right)}'`);
}

/** Python's `<=`. */
export function atMost(left: Value, right: Value): boolean {
  if (isNumber(left) && isNumber(right)) return plain(left) <= plain(right);
  return less(left, right) || !less(right, left);
}

function lessItems(left: readonly Value[], right: readonly Value[]): boolean {
  const at = left.findIndex((item, i) => i >= right.length || !same(item, right[i] as Value));
  if (at < 0) return left.length < right.length;
  return at < right.length && less(left[at] as Value, right[at] as Value);
}

/** Python's `in`. Of a generator it takes items until the item is found. */
export function contains(container: Value, item: Value): boolean {
  if (typeof container === 'string') {
    if (typeof item === 'string') return container.includes(item);
    if (is(item, 'markup')) return container.includes(item.text);
    return fail(`'in <string>' requires string as left operand, not ${typeName(item)}`);
  }
  if (isList(container)) return container.some((each) => same(each, item));
  if (container === null || typeof container !== 'object') {
    return fail(`argument of type '${typeName(container)}' is not iterable`);
  }
  switch (container.kind) {
    case 'tuple':
      return container.items.some((each) => same(each, item));
    case 'dict':
      return container.entries.has(keyOf(item));
    case 'range':
      return rangeHolds(container, item);
    case 'view':
      return viewHolds(container.of, container.dict, item);
    case 'undefined':
      return false;
    case 'lazy':
      for (let step = container.items.next(); !step.done; step = container.items.next()) {
        if (same(step.value, item)) return true;
      }
      return false;
    case 'namespace':
      return fail("argument of type 'Namespace' is not iterable");
    case 'markup':
      return refuse('"in" for escaped text');
    default:
      return container.length === undefined
        ? fail(`argument of type '${container.what}' is not iterable`)
        : refuse(`"in" for ${container.what}`);
  }
}

function rangeHolds(
  { start, stop, step }: { start: bigint; stop: bigint; step: bigint },
  item: Value,
): boolean {
  if (!isNumber(item) || !Number.isInteger(Number(item))) return false;
  const at = BigInt(item);
  const inside = step > 0n ? at >= start && at < stop : at <= start && at > stop;
  return inside && (at - start) % step === 0n;
}

function viewHolds(of: 'keys' | 'values' | 'items', dict: Dict, item: Value): boolean {
  if (of === 'keys') return dict.entries.has(keyOf(item));
  if (of === 'values') return [...dict.entries.values()].some(([, value]) => same(value, item));
  if (!isPair(item)) return false;
  const found = dict.entries.get(keyOf(item.items[0] as Value));
  return found !== undefined && same(found[1], item.items[1] as Value);
}

function isPair(item: Value): item is Tuple {
  return is(item, 'tuple') && item.items.length === 2;
}

/** Stable; fails where two items have no order. */
export function sortBy(
  items: readonly Value[],
  key: (item: Value) => Value,
  reverse: boolean,
): Value[] {
  const keyed = items.map((item) => ({ item, key: key(item) }));
  if (keyed.some(({ key }) => hasNaN(key))) return refuse('sorting NaN');
  const direction = reverse ? -1 : 1;
  keyed.sort((a, b) => {
    if (less(a.key, b.key)) return -direction;
    return less(b.key, a.key) ? direction : 0;
  });
  return keyed.map(({ item }) => item);
}

function hasNaN(value: Value): boolean {
  if (isList(value)) return value.some(hasNaN);
  if (is(value, 'tuple')) return value.items.some(hasNaN);
  return typeof value === 'number' && Number.isNaN(value);
}
