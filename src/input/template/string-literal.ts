import { fail } from './failure.ts';
import { refuse } from './refuse.ts';

const ESCAPE =
  /\\(?:\n|[0-7]{1,3}|x([\da-fA-F]{2})?|u([\da-fA-F]{4})?|U([\da-fA-F]{8})?|(N)|([^\0-\x7f])|([^\0]))/gu;
const SHORT: Readonly<Record<string, string>> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** A text as written between its quotes, its escapes read as Python does. */
export function readString(written: string): string {
  return written.replace(ESCAPE, (whole, x, u, long, name, foreign, plain) => {
    const hex: string | undefined = x ?? u ?? long;
    if (hex !== undefined) return character(Number.parseInt(hex, 16));
    if (whole === '\\\n') return '';
    if (name !== undefined) return refuse('characters by name (\\N)');
    // jinja2 spells what is not ASCII first: the backslash before it then escapes a backslash
    if (foreign !== undefined) return `\\${spelled(foreign)}`;
    if (/[0-7]/.test(whole)) return character(Number.parseInt(whole.slice(1), 8));
    if (plain === undefined) return fail(`truncated escape "${whole}"`);
    return SHORT[plain] ?? whole;
  });
}

function character(code: number): string {
  if (code >= 0xd800 && code <= 0xdfff) return refuse('halves of characters (\\ud800 to \\udfff)');
  return code > 0x10ffff ? fail('illegal Unicode character') : String.fromCodePoint(code);
}

function spelled(foreign: string): string {
  const hex = (foreign.codePointAt(0) ?? 0).toString(16);
  if (hex.length <= 2) return `x${hex.padStart(2, '0')}`;
  return hex.length <= 4 ? `u${hex.padStart(4, '0')}` : `U${hex.padStart(8, '0')}`;
}
