/** One token inside a tag. */
import { fail } from './failure.ts';
import { refuse } from './refuse.ts';
import { readString } from './string-literal.ts';
import { SPACE } from './text.ts';

export type Token =
  | {
      readonly kind: 'data' | 'name' | 'string' | 'operator';
      readonly text: string;
      readonly line: number;
    }
  | {
      readonly kind: 'number';
      readonly value: bigint | number;
      readonly text: string;
      readonly line: number;
    }
  | {
      readonly kind: 'tagBegin' | 'tagEnd' | 'printBegin' | 'printEnd' | 'end';
      readonly text: string;
      readonly line: number;
    };

const BLANK = new RegExp(`[${SPACE}]+`, 'y');
const FLOAT = /(?<!\.)(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/iy;
const INTEGER = /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy;
const NAME = /\w+/y;
const STRING = /'[^'\\]*(?:\\[\s\S][^'\\]*)*'|"[^"\\]*(?:\\[\s\S][^"\\]*)*"/y;
const OPERATOR = /\/\/|\*\*|[=!<>]=|[-+*/%~[\](){}<>=.:|,;]/y;

/** What a pattern that is sticky or global finds from `at` on. */
export function find(
  pattern: RegExp,
  source: string,
  at: number,
): { text: string; start: number; end: number; sign: string } | undefined {
  pattern.lastIndex = at;
  const found = pattern.exec(source);
  if (found === null) return undefined;
  return { text: found[0], start: found.index, end: pattern.lastIndex, sign: found[1] ?? '' };
}

/** The token that begins at `at`, or none where white space does; `end` is behind it. */
export function readToken(
  source: string,
  at: number,
  line: number,
): { token: Token | undefined; end: number } {
  const blank = find(BLANK, source, at);
  if (blank !== undefined) return { token: undefined, end: blank.end };
  const float = find(FLOAT, source, at);
  if (float !== undefined) {
    const value = Number(float.text.replaceAll('_', ''));
    return { token: { kind: 'number', value, text: float.text, line }, end: float.end };
  }
  const integer = find(INTEGER, source, at);
  if (integer !== undefined) {
    const value = BigInt(integer.text.replaceAll('_', '').toLowerCase());
    return { token: { kind: 'number', value, text: integer.text, line }, end: integer.end };
  }
  const name = find(NAME, source, at);
  if (name !== undefined) return { token: { kind: 'name', text: name.text, line }, end: name.end };
  const string = find(STRING, source, at);
  if (string !== undefined) {
    const text = readString(string.text.slice(1, -1));
    return { token: { kind: 'string', text, line }, end: string.end };
  }
  const operator = find(OPERATOR, source, at);
  if (operator !== undefined) {
    return { token: { kind: 'operator', text: operator.text, line }, end: operator.end };
  }
  const character = String.fromCodePoint(source.codePointAt(at) ?? 0);
  return character > '\x7f' ? refuse(`"${character}" in a name`) : fail(`unexpected ${character}`);
}
