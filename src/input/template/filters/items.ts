import { bind, indexOf } from '../arguments.ts';
import { equal, less, sortBy } from '../compare.ts';
import { fail } from '../failure.ts';
import { itemsIn, iterable, iterate, lengthIn, listOf, truth } from '../iterate.ts';
import { keyOf } from '../keys.ts';
import { toText } from '../print.ts';
import { refuse } from '../refuse.ts';
import type { Filter } from '../runtime.ts';
import { characters } from '../text.ts';
import { is, lazy, orElse, tuple, typeName, undefinedBecause, type Value } from '../values.ts';
import { follow, followAll, ignoreCase } from './path.ts';

const length: Filter = (given) => {
  const { obj } = bind('length', given, ['obj/']);
  return lengthIn(obj) ?? fail(`object of type '${typeName(obj)}' has no len()`);
};

const first: Filter = (given) => {
  const { seq } = bind('first', given, ['seq']);
  const step = iterate(seq).next();
  return step.done ? undefinedBecause('No first item, sequence was empty.') : step.value;
};

/** From the end; undefined (of JavaScript) where Python's `reversed` raises TypeError. */
function backwards(value: Value): Value[] | undefined {
  if (is(value, 'lazy') || is(value, 'opaque')) return undefined;
  const items = itemsIn(value);
  return items === undefined ? undefined : listOf(value).reverse();
}

const last: Filter = (given) => {
  const { seq } = bind('last', given, ['seq']);
  const items = backwards(seq) ?? fail(`'${typeName(seq)}' object is not reversible`);
  return orElse(items[0], () => undefinedBecause('No last item, sequence was empty.'));
};

const reverse: Filter = (given) => {
  const { value } = bind('reverse', given, ['value']);
  if (typeof value === 'string') return [...characters(value)].reverse().join('');
  if (is(value, 'markup')) return refuse('"reverse" of escaped text');
  const items = backwards(value);
  return items === undefined ? listOf(value).reverse() : lazy(items[Symbol.iterator]());
};

const list: Filter = (given) => listOf(bind('list', given, ['value']).value);

const join: Filter = (given) => {
  const { value, d = '', attribute = null } = bind('join', given, ['value'], ['d', 'attribute']);
  const part = attribute === null ? (item: Value) => item : follow(attribute);
  return listOf(value)
    .map((item) => toText(part(item)))
    .join(toText(d));
};

const items: Filter = (given) => {
  const { value } = bind('items', given, ['value']);
  return lazy(pairsOf(value));
};

function* pairsOf(value: Value): Generator<Value, void> {
  if (is(value, 'undefined')) return;
  if (!is(value, 'dict')) fail('Can only get item pairs from a mapping.');
  yield* iterable({ kind: 'view', of: 'items', dict: value });
}

const dictsort: Filter = (given) => {
  const read = bind('dictsort', given, ['value'], ['case_sensitive', 'by', 'reverse']);
  const { value = null, case_sensitive = false, by = 'key', reverse: down = false } = read;
  if (by !== 'key' && by !== 'value') return fail('You can only sort by either "key" or "value"');
  if (!is(value, 'dict')) return fail(`'${typeName(value)}' object has no attribute 'items'`);
  const pairs = [...value.entries.values()].map((pair) => tuple(pair));
  const key = (pair: Value) =>
    (is(pair, 'tuple') ? pair.items[by === 'key' ? 0 : 1] : null) ?? null;
  const compared = truth(case_sensitive) ? key : (pair: Value) => ignoreCase(key(pair));
  return sortBy(pairs, compared, truth(down));
};

const sort: Filter = (given) => {
  const read = bind('sort', given, ['value'], ['reverse', 'case_sensitive', 'attribute']);
  const { value = null, reverse: down = false, case_sensitive = false, attribute = null } = read;
  const parts = followAll(attribute);
  const change = truth(case_sensitive) ? (part: Value) => part : ignoreCase;
  return sortBy(listOf(value), (item) => parts(item).map(change), truth(down));
};

const unique: Filter = (given) => {
  const {
    value,
    case_sensitive = false,
    attribute = null,
  } = bind('unique', given, ['value'], ['case_sensitive', 'attribute']);
  const part = follow(attribute);
  const change = truth(case_sensitive) ? (item: Value) => item : ignoreCase;
  return lazy(
    (function* () {
      const seen = new Set<unknown>();
      for (const item of iterable(value)) {
        const key = keyOf(change(part(item)));
        if (seen.has(key)) continue;
        seen.add(key);
        yield item;
      }
    })(),
  );
};

/** The first of those that no other beats. */
function extreme(name: string, beats: (item: Value, best: Value) => boolean): [string, Filter] {
  return [
    name,
    (given) => {
      const {
        value,
        case_sensitive = false,
        attribute = null,
      } = bind(name, given, ['value'], ['case_sensitive', 'attribute']);
      const part = follow(attribute);
      const change = truth(case_sensitive) ? (item: Value) => item : ignoreCase;
      const keyed = listOf(value).map((item) => ({ item, key: change(part(item)) }));
      const [head, ...rest] = keyed;
      if (head === undefined) return undefinedBecause('No aggregated item, sequence was empty.');
      return rest.reduce((best, each) => (beats(each.key, best.key) ? each : best), head).item;
    },
  ];
}

const groupby: Filter = (given) => {
  const read = bind('groupby', given, ['value', 'attribute'], ['default', 'case_sensitive']);
  const {
    value = null,
    attribute = null,
    default: otherwise = null,
    case_sensitive = false,
  } = read;
  const part = follow(attribute, otherwise);
  const key = truth(case_sensitive) ? part : (item: Value) => ignoreCase(part(item));
  const groups: { key: Value; items: Value[] }[] = [];
  for (const item of sortBy(listOf(value), key, false)) {
    const last = groups.at(-1);
    if (last !== undefined && equal(last.key, key(item))) last.items.push(item);
    else groups.push({ key: key(item), items: [item] });
  }
  return groups.map(({ items }) => ({
    kind: 'tuple',
    items: [part(items[0] as Value), items],
    names: ['grouper', 'list'],
  }));
};

const batch: Filter = (given) => {
  const {
    value,
    linecount,
    fill_with = null,
  } = bind('batch', given, ['value', 'linecount'], ['fill_with']);
  if (typeof linecount !== 'bigint' || linecount < 1n)
    return refuse('"batch" of other than a positive int');
  const size = Number(linecount);
  return lazy(
    (function* () {
      let line: Value[] = [];
      for (const item of iterable(value)) {
        if (line.length === size) {
          yield line;
          line = [];
        }
        line.push(item);
      }
      if (line.length === 0) return;
      if (fill_with !== null) while (line.length < size) line.push(fill_with);
      yield line;
    })(),
  );
};

const slice: Filter = (given) => {
  const {
    value,
    slices,
    fill_with = null,
  } = bind('slice', given, ['value', 'slices'], ['fill_with']);
  const count = indexOf(slices, 'slices');
  if (count < 1) return refuse('"slice" into less than one');
  return lazy(
    (function* () {
      const all = listOf(value);
      const each = Math.floor(all.length / count);
      const longer = all.length % count;
      let from = 0;
      for (let i = 0; i < count; i++) {
        const to = from + each + (i < longer ? 1 : 0);
        yield fill_with !== null && i >= longer
          ? [...all.slice(from, to), fill_with]
          : all.slice(from, to);
        from = to;
      }
    })(),
  );
};

export const ITEM_FILTERS: readonly (readonly [string, Filter])[] = [
  ['length', length],
  ['count', length],
  ['first', first],
  ['last', last],
  ['reverse', reverse],
  ['list', list],
  ['join', join],
  ['items', items],
  ['dictsort', dictsort],
  ['sort', sort],
  ['unique', unique],
  extreme('min', (item, best) => less(item, best)),
  extreme('max', (item, best) => less(best, item)),
  ['groupby', groupby],
  ['batch', batch],
  ['slice', slice],
];
