/** The tests of jinja2. */

import { bind } from './arguments.ts';
import { binary } from './arithmetic.ts';
import { isLower, isUpper } from './case.ts';
import { atMost, contains, equal, isNumber, less } from './compare.ts';
import { FILTERS } from './filters.ts';
import { itemsIn } from './iterate.ts';
import { toText } from './print.ts';
import { refuse } from './refuse.ts';
import type { Test } from './runtime.ts';
import { is, isList, type Value } from './values.ts';

function of(name: string, test: (value: Value) => boolean): [string, Test] {
  return [name, (given) => test(bind(name, given, ['value']).value)];
}

function against(names: readonly string[], test: (value: Value, other: Value) => boolean) {
  return names.map((name): [string, Test] => [
    name,
    (given) => {
      const { value, other } = bind(name, given, ['value/', 'other/']);
      return test(value, other);
    },
  ]);
}

const remainder = (value: Value, by: Value) => binary('%', value, by);
const isText = (value: Value) => typeof value === 'string' || is(value, 'markup');

/** Has a length and items by place or key; so has what is undefined. */
function isSequence(value: Value): boolean {
  return (
    typeof value === 'string' ||
    isList(value) ||
    is(value, 'tuple') ||
    is(value, 'dict') ||
    is(value, 'range') ||
    is(value, 'undefined') ||
    is(value, 'markup')
  );
}

/** Python's `is`. Whether two equal texts or numbers are one object is up to the interpreter. */
function isSame(left: Value, right: Value): boolean {
  const [a, b] = [typeof left, typeof right];
  if (a !== b || left === null || right === null || a === 'boolean') return left === right;
  return a === 'object' ? left === right : refuse('"sameas" of texts or numbers');
}

export const TESTS: ReadonlyMap<string, Test> = new Map<string, Test>([
  of('defined', (value) => !is(value, 'undefined')),
  of('undefined', (value) => is(value, 'undefined')),
  of('none', (value) => value === null),
  of('boolean', (value) => typeof value === 'boolean'),
  of('true', (value) => value === true),
  of('false', (value) => value === false),
  of('integer', (value) => typeof value === 'bigint'),
  of('float', (value) => typeof value === 'number'),
  of('number', isNumber),
  of('string', isText),
  of('mapping', (value) => is(value, 'dict')),
  of('sequence', isSequence),
  of('iterable', (value) => is(value, 'markup') || isLoop(value) || itemsIn(value) !== undefined),
  of('callable', (value) => is(value, 'opaque') && value.call !== undefined),
  of('escaped', (value) => is(value, 'markup')),
  of('lower', (value) => isLower(toText(value))),
  of('upper', (value) => isUpper(toText(value))),
  of('odd', (value) => equal(remainder(value, 2n), 1n)),
  of('even', (value) => equal(remainder(value, 2n), 0n)),
  of('filter', (value) => typeof value === 'string' && FILTERS.has(value)),
  of('test', (value) => typeof value === 'string' && TESTS.has(value)),
  [
    'divisibleby',
    (given) => {
      const { value, num } = bind('divisibleby', given, ['value', 'num']);
      return equal(remainder(value, num), 0n);
    },
  ],
  [
    'sameas',
    (given) => {
      const { value, other } = bind('sameas', given, ['value', 'other']);
      return isSame(value, other);
    },
  ],
  [
    'in',
    (given) => {
      const { value, seq } = bind('in', given, ['value', 'seq']);
      return contains(seq, value);
    },
  ],
  ...against(['==', 'eq', 'equalto'], equal),
  ...against(['!=', 'ne'], (value, other) => !equal(value, other)),
  ...against(['<', 'lt', 'lessthan'], less),
  ...against(['>', 'gt', 'greaterthan'], (value, other) => less(other, value)),
  ...against(['<=', 'le'], atMost),
  ...against(['>=', 'ge'], (value, other) => atMost(other, value)),
]);

/** Only `loop` has a length among what is opaque. */
function isLoop(value: Value): boolean {
  return is(value, 'opaque') && value.length !== undefined;
}
