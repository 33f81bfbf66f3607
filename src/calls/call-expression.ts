import { SchemaError } from '../contracts/errors.ts';
import { cutRanges, MOST_CODE } from '../grammar/code-ranges.ts';
import {
  anyTimes,
  characters,
  choice,
  EMPTY,
  type Expression,
  literal,
  optional,
  rule,
  sequence,
  specialMark,
} from '../grammar/expression.ts';
import { anyObject } from '../grammar/json-values.ts';
import { schemaExpression } from '../grammar/schema/schema-expression.ts';
import type { CallFormat } from './call-format.ts';
import type { OfferedFunction } from './offered-functions.ts';

/** What is to be called. */
export interface CallRules {
  readonly functions: readonly OfferedFunction[];
  /** Whether words may stand around calls, or instead of them. */
  readonly words: boolean;
  readonly parallel: boolean;
  /** Whether a mark of the format is a special token, which writes no text. */
  readonly isSpecial: (mark: string | null) => boolean;
}

/**
 * Answers that call functions with arguments that keep their schemas.
 * @throws SchemaError for parameters that can't be kept
 */
export function callExpression(format: CallFormat, rules: CallRules): Expression {
  const { functions, words, isSpecial } = rules;
  const { begin, end, argumentsKey } = format;
  const parallel = rules.parallel && format.parallel;
  const call = choice(
    ...functions.map((one) => {
      const head = `{"name": ${JSON.stringify(one.name)}, "${argumentsKey}": `;
      return sequence(literal(head), argumentsExpression(one, words), literal('}'));
    }),
  );
  if (begin === null)
    return words ? choice(call, sequence(notOpening, anyTimes(anyCharacter))) : call;
  const marked = (which: 'begin' | 'end', mark: string) =>
    isSpecial(mark) ? specialMark(which) : literal(mark);
  const mark = marked('begin', begin);
  const close = end === null ? EMPTY : sequence(literal('\n'), marked('end', end));
  if (format.listed) {
    const more = parallel ? anyTimes(sequence(literal(', '), call)) : EMPTY;
    const calls = sequence(mark, optional(literal(' ')), literal('['), call, more, literal(']'));
    return words ? sequence(anyTimes(anyCharacter), optional(calls)) : calls;
  }
  const one = sequence(mark, literal('\n'), call, close);
  if (!words) return parallel ? sequence(one, anyTimes(sequence(literal('\n'), one))) : one;
  const behind = sequence(literal('\n'), call, close);
  return isSpecial(begin)
    ? anyTimes(choice(anyCharacter, one))
    : wordsAround(begin, behind, parallel);
}

/** Text in which what stands behind a mark is held to an expression. */
function wordsAround(mark: string, behind: Expression, again: boolean): Expression {
  const signs = [...mark];
  /** Where so many signs of the mark have just been read. */
  const place = (read: number): Expression => places[read] as Expression;
  const follow = (read: number): Expression => {
    const options = new Map<string, number>(); // sign → signs of the mark that are then read
    for (const sign of new Set(signs)) {
      const now = longestEnd(signs, [...signs.slice(0, read), sign]);
      if (now > 0) options.set(sign, now);
    }
    const taken = [...options.keys()].map((sign) => codeRange(sign));
    return choice(
      EMPTY,
      sequence(characters(cutRanges([[0, MOST_CODE]], taken)), place(0)),
      ...[...options].map(([sign, now]) =>
        now === signs.length
          ? sequence(literal(sign), behind, again ? place(0) : anyTimes(literal('\n')))
          : sequence(literal(sign), place(now)),
      ),
    );
  };
  const places = signs.map((_, read) => {
    let made: Expression | undefined;
    return rule(() => {
      made ??= follow(read);
      return made;
    });
  });
  return place(0);
}

/** How many signs at the end of what was read begin the mark. */
function longestEnd(mark: readonly string[], read: readonly string[]): number {
  for (let length = Math.min(mark.length, read.length); length > 0; length -= 1) {
    if (mark.slice(0, length).join('') === read.slice(-length).join('')) return length;
  }
  return 0;
}

const codeRange = (sign: string) => {
  const code = sign.codePointAt(0) as number;
  return [code, code] as const;
};

const anyCharacter = characters([[0, MOST_CODE]]);
/** The beginning of words that are no call: neither a brace, nor what may stand before one. */
const notOpening = characters(cutRanges([[0x21, MOST_CODE]], [[0x7b, 0x7b]]));

/** Where nothing forces a call, arguments that can't be kept may be any, unless their function is strict. */
function argumentsExpression(
  { parameters, path, strict }: OfferedFunction,
  lenient: boolean,
): Expression {
  if (parameters === undefined) return anyObject;
  try {
    return schemaExpression(parameters, path);
  } catch (error) {
    if (!(error instanceof SchemaError) || strict || !lenient) throw error;
    return anyObject;
  }
}
