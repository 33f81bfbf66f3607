import { bind, indexOf } from '../arguments.ts';
import { binary } from '../arithmetic.ts';
import { isNumber } from '../compare.ts';
import { fail } from '../failure.ts';
import { iterable, truth } from '../iterate.ts';
import { readFloat, readInt, toDecimals } from '../numbers.ts';
import { refuse } from '../refuse.ts';
import type { Filter } from '../runtime.ts';
import { is, typeName, type Value } from '../values.ts';
import { follow } from './path.ts';

/** Text whose digits are of other scripts, which Python reads as numbers. */
const FOREIGN_DIGITS = /(?![0-9])\p{Nd}/u;

function readable(value: Value): string | undefined {
  if (is(value, 'markup')) return refuse('numbers in escaped text');
  if (typeof value !== 'string') return undefined;
  return FOREIGN_DIGITS.test(value) ? refuse('numbers in other digits') : value;
}

function floatOf(value: Value): number | undefined {
  if (is(value, 'undefined')) return fail(value.reason);
  const text = readable(value);
  if (text !== undefined) return readFloat(text);
  return isNumber(value) ? Number(value) : undefined;
}

const int: Filter = (given) => {
  const {
    value,
    default: otherwise = 0n,
    base = 10n,
  } = bind('int', given, ['value'], ['default', 'base']);
  const text = readable(value);
  const radix = indexOf(base, 'base');
  if (radix !== 10 && radix !== 2 && radix !== 8 && radix !== 16)
    return refuse(`int of base ${radix}`);
  if (text !== undefined) {
    const read = readInt(text, radix);
    if (read !== undefined) return read;
  }
  if (typeof value === 'bigint' || typeof value === 'boolean') return BigInt(value);
  const float = floatOf(value);
  if (float === undefined || Number.isNaN(float)) return otherwise;
  if (Number.isFinite(float)) return BigInt(Math.trunc(float));
  return text === undefined ? fail('cannot convert float infinity to integer') : otherwise;
};

const float: Filter = (given) => {
  const { value, default: otherwise = 0 } = bind('float', given, ['value'], ['default']);
  return floatOf(value) ?? otherwise;
};

const abs: Filter = (given) => {
  const { x } = bind('abs', given, ['x/']);
  if (is(x, 'undefined')) return fail(x.reason);
  if (!isNumber(x)) return fail(`bad operand type for abs(): '${typeName(x)}'`);
  if (typeof x === 'number') return Math.abs(x);
  return BigInt(x) < 0n ? -BigInt(x) : BigInt(x);
};

const round: Filter = (given) => {
  const {
    value,
    precision = 0n,
    method = 'common',
  } = bind('round', given, ['value'], ['precision', 'method']);
  if (!isNumber(value)) return fail(`type ${typeName(value)} doesn't define rounding`);
  const decimals = indexOf(precision, 'precision');
  if (decimals < 0 || decimals > 15)
    return refuse('rounding to less than 0 or more than 15 decimals');
  if (method === 'common')
    return typeof value === 'number' ? rounded(value, decimals) : BigInt(value);
  if (method !== 'ceil' && method !== 'floor') return fail('method must be common, ceil or floor');
  const scale = 10n ** BigInt(decimals);
  const scaled = binary('*', value, scale);
  if (typeof scaled !== 'number') return binary('/', scaled, scale);
  if (!Number.isFinite(scaled)) return fail('cannot convert float infinity or NaN to integer');
  return binary('/', BigInt(method === 'ceil' ? Math.ceil(scaled) : Math.floor(scaled)), scale);
};

function rounded(value: number, decimals: number): number {
  return Number.isFinite(value) ? Number(toDecimals(value, decimals)) : value;
}

const sum: Filter = (given) => {
  const {
    iterable: items,
    attribute = null,
    start = 0n,
  } = bind('sum', given, ['iterable'], ['attribute', 'start']);
  if (typeof start === 'string') return fail("sum() can't sum strings");
  const part = follow(attribute);
  let total: Value = start;
  let count = 0;
  for (const item of iterable(items)) {
    const value = part(item);
    total = binary('+', total, value);
    if (++count > 2 && typeof total === 'number') return refuse('"sum" of more than two floats');
  }
  return total;
};

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB'];

const filesizeformat: Filter = (given) => {
  const { value, binary: byTwo = false } = bind('filesizeformat', given, ['value'], ['binary']);
  const bytes = floatOf(value);
  if (bytes === undefined) return fail('could not convert to float');
  const base = truth(byTwo) ? 1024 : 1000;
  if (bytes === 1) return '1 Byte';
  if (bytes < base) return `${Math.trunc(bytes)} Bytes`;
  const power = UNITS.findIndex((_, i) => i > 0 && bytes < base ** (i + 1));
  const place = power < 0 ? UNITS.length - 1 : power;
  if (place > 4) return refuse('sizes of a petabyte and more');
  const unit = UNITS[place] ?? '';
  const text = toDecimals((base * bytes) / base ** (place + 1), 1);
  return `${text} ${truth(byTwo) ? `${unit.charAt(0).toUpperCase()}iB` : unit}`;
};

export const NUMBER_FILTERS: readonly (readonly [string, Filter])[] = [
  ['int', int],
  ['float', float],
  ['abs', abs],
  ['round', round],
  ['sum', sum],
  ['filesizeformat', filesizeformat],
];
