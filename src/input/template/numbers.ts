/** Numbers as Python reads and writes them. */
import { stripEnd, stripStart } from './text.ts';

/** Python's `repr` of a float: the shortest digits that read back, with an exponent below 1e-4 and from 1e16 on. */
export function writeFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const [mantissa = '', power = ''] = value.toExponential().split('e');
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 16) {
    const text = String(value);
    return text.includes('.') ? text : `${text}.0`;
  }
  const digits = String(Math.abs(exponent)).padStart(2, '0');
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${digits}`;
}

const PREFIXES: Readonly<Record<number, string>> = { 2: '0b', 8: '0o', 16: '0x' };

/** What `int(text, base)` reads; undefined where it raises ValueError. */
export function readInt(text: string, base = 10): bigint | undefined {
  const trimmed = stripEnd(stripStart(text)).toLowerCase();
  const sign = trimmed.startsWith('-') ? -1n : 1n;
  let digits = trimmed.replace(/^[+-]/, '');
  const prefix = PREFIXES[base];
  if (prefix !== undefined && digits.startsWith(prefix)) digits = digits.slice(2).replace(/^_/, '');
  if (!/^[\da-z]+(_[\da-z]+)*$/.test(digits)) return undefined;
  let value = 0n;
  for (const digit of digits.replaceAll('_', '')) {
    const place = Number.parseInt(digit, 36);
    if (place >= base) return undefined;
    value = value * BigInt(base) + BigInt(place);
  }
  return sign * value;
}

const FLOAT = /^[+-]?(\d+(_\d+)*\.?(\d+(_\d+)*)?|\.\d+(_\d+)*)(e[+-]?\d+(_\d+)*)?$/;
const WORDS: Readonly<Record<string, number>> = {
  inf: Number.POSITIVE_INFINITY,
  infinity: Number.POSITIVE_INFINITY,
  nan: Number.NaN,
};

/** What `float(text)` reads; undefined where it raises ValueError. */
export function readFloat(text: string): number | undefined {
  const trimmed = stripEnd(stripStart(text)).toLowerCase();
  if (FLOAT.test(trimmed)) return Number(trimmed.replaceAll('_', ''));
  const word = WORDS[trimmed.replace(/^[+-]/, '')];
  if (word === undefined) return undefined;
  return trimmed.startsWith('-') ? -word : word;
}

/** The exact value of a finite float is `numerator / 2 ** shift`. */
function exactly(value: number): { numerator: bigint; shift: bigint } {
  let shift = 0n;
  let scaled = value;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    shift++;
  }
  return { numerator: BigInt(scaled), shift };
}

/** A finite float with so many decimals; exact halves go to the even digit, as in Python. */
export function toDecimals(value: number, decimals: number): string {
  const { numerator, shift } = exactly(Math.abs(value));
  const scaled = numerator * 10n ** BigInt(decimals);
  const whole = 2n ** shift;
  const [floor, rest] = [scaled / whole, scaled % whole];
  const up = rest * 2n > whole || (rest * 2n === whole && floor % 2n === 1n);
  const digits = String(up ? floor + 1n : floor).padStart(decimals + 1, '0');
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  if (decimals === 0) return sign + digits;
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
