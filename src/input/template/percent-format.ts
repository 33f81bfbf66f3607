/** `text % values`, as C's printf and Python have it. */
import { isNumber } from './compare.ts';
import { fail } from './failure.ts';
import { keyOf } from './keys.ts';
import { toDecimals, writeFloat } from './numbers.ts';
import { repr, toText } from './print.ts';
import { refuse } from './refuse.ts';
import { characters, lengthOf, sliceText } from './text.ts';
import { is, isList, orElse, typeName, type Value } from './values.ts';

const DIRECTIVE = /%(?:\(([^)]*)\))?([-+ #0]*)(\*|\d+)?(?:\.(\*|\d*))?([hlL]?)([\s\S]?)/g;
const WIDEST = 10_000;

export function percentFormat(format: string, given: Value): string {
  const values = is(given, 'tuple') ? given.items : [given];
  const keyed = isList(given) || is(given, 'dict') || is(given, 'range') || is(given, 'undefined');
  let used = 0;
  let named = false;
  const next = (): Value => {
    const value = values[used++];
    return value === undefined ? fail('not enough arguments for format string') : value;
  };
  const byName = (name: string): Value => {
    named = true;
    if (!is(given, 'dict')) return fail('format requires a mapping');
    return orElse(given.entries.get(keyOf(name))?.[1], () =>
      fail(`there is no key '${name}' for the format`),
    );
  };
  const text = format.replace(DIRECTIVE, (whole, name, flags, width, decimals, _, type) => {
    if (type === '%' && whole === '%%') return '%';
    if (width === '*' || decimals === '*' || Number(width ?? 0) > WIDEST) {
      return refuse(`"${whole}" in a format`);
    }
    const value = name === undefined ? next() : byName(name);
    return pad(convert(type, value, flags, decimals, whole), flags, Number(width ?? 0), type);
  });
  if (used < values.length && !keyed && !named) {
    return fail('not all arguments converted during string formatting');
  }
  return text;
}

function convert(
  type: string,
  value: Value,
  flags: string,
  decimals: string | undefined,
  whole: string,
): string {
  if (flags.includes('#') || Number(decimals ?? 0) > WIDEST)
    return refuse(`"${whole}" in a format`);
  switch (type) {
    case 's':
    case 'r': {
      const text = type === 's' ? toText(value) : repr(value);
      return decimals === undefined ? text : sliceText(text, 0, Number(decimals));
    }
    case 'd':
    case 'i':
    case 'u': {
      if (decimals !== undefined) return refuse(`"${whole}" in a format`);
      return signed(String(toInt(value)), flags);
    }
    case 'x':
    case 'X':
    case 'o': {
      if (decimals !== undefined) return refuse(`"${whole}" in a format`);
      if (typeof value === 'number')
        return fail(`%${type} format: an integer is required, not float`);
      const digits = toInt(value).toString(type === 'o' ? 8 : 16);
      return signed(type === 'X' ? digits.toUpperCase() : digits, flags);
    }
    case 'f':
    case 'F': {
      if (!isNumber(value)) return fail(`must be real number, not ${typeName(value)}`);
      const number = Number(value);
      if (!Number.isFinite(number)) return signed(writeFloat(number), flags);
      return signed(toDecimals(number, decimals === undefined ? 6 : Number(decimals)), flags);
    }
    default:
      return refuse(`"${whole}" in a format`);
  }
}

function toInt(value: Value): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return BigInt(value);
  if (typeof value !== 'number') return fail(`a number is required, not ${typeName(value)}`);
  if (!Number.isFinite(value)) return fail('cannot convert float infinity or NaN to integer');
  return BigInt(Math.trunc(value));
}

function signed(digits: string, flags: string): string {
  if (digits.startsWith('-')) return digits;
  return flags.includes('+') ? `+${digits}` : flags.includes(' ') ? ` ${digits}` : digits;
}

function pad(text: string, flags: string, width: number, type: string): string {
  const space = width - lengthOf(text);
  if (space <= 0) return text;
  if (flags.includes('-')) return text + ' '.repeat(space);
  if (!flags.includes('0') || type === 's' || type === 'r') return ' '.repeat(space) + text;
  const sign = /^[-+ ]/.test(text) ? (characters(text)[0] ?? '') : '';
  return sign + '0'.repeat(space) + text.slice(sign.length);
}
