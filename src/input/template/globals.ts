/** Functions that every template may call: jinja2's and Hugging Face's. */

import { bind } from './arguments.ts';
import { fail } from './failure.ts';
import { dictOf } from './from-data.ts';
import { iterable, listOf, rangeLength } from './iterate.ts';
import { toText } from './print.ts';
import { refuse } from './refuse.ts';
import { strftime } from './strftime.ts';
import {
  type Arguments,
  callable,
  is,
  method,
  type Namespace,
  type Opaque,
  type Range,
  typeName,
  type Value,
} from './values.ts';

const LONGEST_RANGE = 100_000n;

/** `now` is the clock of `strftime_now`. */
export function createGlobals(now: () => Date): ReadonlyMap<string, Value> {
  return new Map<string, Value>([
    ['range', callable('range', range)],
    ['dict', kindOf('dict', dict)],
    ['namespace', kindOf('namespace', namespace)],
    ['cycler', kindOf('cycler', cycler)],
    ['joiner', kindOf('joiner', joiner)],
    ['lipsum', callable('lipsum', () => refuse('lipsum()'))],
    [
      'raise_exception',
      callable('raise_exception', (given) => {
        return fail(toText(bind('raise_exception', given, ['message']).message));
      }),
    ],
    [
      'strftime_now',
      callable('strftime_now', (given) => {
        const { format } = bind('strftime_now', given, ['format']);
        return typeof format === 'string'
          ? strftime(now(), format)
          : fail('the format must be a text');
      }),
    ],
  ]);
}

/** A class of Python's, which has attributes of its own. */
function kindOf(what: string, call: (given: Arguments) => Value): Opaque {
  return { kind: 'opaque', what, call, attribute: (name) => refuse(`${what}.${name}`) };
}

function range({ positional, named }: Arguments): Range {
  if (named.size > 0 || positional.length === 0 || positional.length > 3) {
    return fail('range takes one to three arguments, by place');
  }
  const numbers = positional.map((value) =>
    typeof value === 'bigint' || typeof value === 'boolean'
      ? BigInt(value)
      : fail(`'${typeName(value)}' object cannot be interpreted as an integer`),
  );
  const [first = 0n, second, step = 1n] = numbers;
  if (step === 0n) return fail('range() arg 3 must not be zero');
  const [start, stop] = second === undefined ? [0n, first] : [first, second];
  const made: Range = { kind: 'range', start, stop, step };
  return rangeLength(made) > LONGEST_RANGE ? fail('Range too big.') : made;
}

function dict({ positional: [from, ...more], named }: Arguments): Value {
  if (more.length > 0) return fail('dict expected at most 1 argument');
  return dictOf([...(from === undefined ? [] : pairsOf(from)), ...named]);
}

function pairsOf(from: Value): Iterable<readonly [Value, Value]> {
  if (is(from, 'dict')) return from.entries.values();
  return [...iterable(from)].map((pair) => {
    const [key, value, ...more] = listOf(pair);
    if (key === undefined || value === undefined || more.length > 0) {
      return fail('dict needs pairs of key and value');
    }
    return [key, value];
  });
}

function namespace(given: Arguments): Namespace {
  const made = dict(given);
  const attributes = new Map<string, Value>();
  if (!is(made, 'dict')) return refuse('this namespace');
  for (const [name, value] of made.entries.values()) {
    if (typeof name !== 'string') return refuse('names of a namespace that are no texts');
    if (name.startsWith('_')) return fail('names of a namespace must not begin with an underscore');
    attributes.set(name, value);
  }
  return { kind: 'namespace', attributes };
}

function cycler({ positional, named }: Arguments): Opaque {
  if (positional.length === 0 || named.size > 0)
    return fail('at least one item has to be provided');
  let place = 0;
  const current = () => positional[place] as Value;
  return {
    kind: 'opaque',
    what: 'a cycler',
    attribute(name) {
      switch (name) {
        case 'current':
          return current();
        case 'next':
          return method(() => {
            const value = current();
            place = (place + 1) % positional.length;
            return value;
          });
        case 'reset':
          return method(() => {
            place = 0;
            return null;
          });
        case 'items':
        case 'pos':
          return refuse(`cycler.${name}`);
        default:
          return undefined;
      }
    },
  };
}

function joiner(given: Arguments): Opaque {
  const { sep = ', ' } = bind('joiner', given, [], ['sep']);
  let used = false;
  return {
    kind: 'opaque',
    what: 'a joiner',
    attribute: (name) => (name === 'sep' || name === 'used' ? refuse(`joiner.${name}`) : undefined),
    call() {
      if (used) return sep;
      used = true;
      return '';
    },
  };
}
