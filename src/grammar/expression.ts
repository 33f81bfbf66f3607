import type { CodeRange } from './code-ranges.ts';
import { utf8Ranges } from './utf8-ranges.ts';

/**
 * A set of texts, as bytes of UTF-8. Rules are read when they are reached, so that they may name themselves, though never
 * at their own beginning.
 */
export type Expression =
  /** One byte out of a range. */
  | { readonly type: 'byte'; readonly first: number; readonly last: number }
  | { readonly type: 'sequence'; readonly parts: readonly Expression[] }
  | { readonly type: 'choice'; readonly options: readonly Expression[] }
  /** Between `least` and `most` times; `most` may be Infinity. */
  | {
      readonly type: 'repeat';
      readonly of: Expression;
      readonly least: number;
      readonly most: number;
    }
  | { readonly type: 'rule'; readonly body: () => Expression };

/** The empty text. */
export const EMPTY: Expression = { type: 'sequence', parts: [] };
/** No text at all. */
export const NOTHING: Expression = { type: 'choice', options: [] };

/** One behind the other; nothing where a part is. */
export function sequence(...parts: readonly Expression[]): Expression {
  if (parts.includes(NOTHING)) return NOTHING;
  const kept = parts.filter((part) => part !== EMPTY);
  if (kept.length === 0) return EMPTY;
  return kept.length === 1 ? (kept[0] as Expression) : { type: 'sequence', parts: kept };
}

export function choice(...options: readonly Expression[]): Expression {
  const kept = options.filter((option) => option !== NOTHING);
  if (kept.length === 0) return NOTHING;
  return kept.length === 1 ? (kept[0] as Expression) : { type: 'choice', options: kept };
}

export function repeat(of: Expression, least: number, most: number): Expression {
  if (least > most || (of === NOTHING && least > 0)) return NOTHING;
  if (of === NOTHING || most === 0) return EMPTY;
  return least === 1 && most === 1 ? of : { type: 'repeat', of, least, most };
}

export const optional = (of: Expression): Expression => repeat(of, 0, 1);
export const anyTimes = (of: Expression): Expression => repeat(of, 0, Number.POSITIVE_INFINITY);
export const rule = (body: () => Expression): Expression => ({ type: 'rule', body });

/** One of these byte ranges. */
const byte = ([first, last]: CodeRange): Expression => ({ type: 'byte', first, last });

/** Exactly this text. */
export const literal = (text: string): Expression =>
  sequence(...Array.from(new TextEncoder().encode(text), (code) => byte([code, code])));

/** One character out of these ranges, surrogates left out. */
export const characters = (ranges: readonly CodeRange[]): Expression =>
  choice(...ranges.flatMap(utf8Ranges).map((bytes) => sequence(...bytes.map(byte))));

/** Bytes that are in no text: what special tokens stand for that are to be part of a grammar. */
export const MARKS = { begin: 0xff, end: 0xfe } as const;
export const specialMark = (which: keyof typeof MARKS): Expression =>
  byte([MARKS[which], MARKS[which]]);
