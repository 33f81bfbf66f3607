import { SchemaError } from '../../contracts/errors.ts';
import {
  EMPTY,
  type Expression,
  literal,
  NOTHING,
  optional,
  repeat,
  sequence,
} from '../expression.ts';
import { COMMA } from '../json-text.ts';
import { anyArray } from '../json-values.ts';
import type { ArrayRules, ExpressionOf } from './case.ts';

/** An array that keeps its rules; one with items of its own and no word on others has no others. */
export function arrayExpression(rules: ArrayRules | null, expressionOf: ExpressionOf): Expression {
  if (rules === null) return anyArray;
  const { first, rest, least, most, unique } = rules;
  if (unique !== null && most > 1) {
    throw new SchemaError(
      unique,
      'uniqueItems',
      'is not supported: an answer could repeat an item',
    );
  }
  const others = first.length > 0 && rest === null ? NOTHING : expressionOf(rest ?? []);
  const items = first.map(expressionOf);
  /** What may stand behind so many items. */
  const behind = (count: number): Expression => {
    if (count >= most) return EMPTY;
    if (count >= items.length) {
      return repeat(sequence(literal(COMMA), others), Math.max(0, least - count), most - count);
    }
    const more = sequence(literal(COMMA), items[count] as Expression, behind(count + 1));
    return count < least ? more : optional(more);
  };
  const all = most === 0 ? NOTHING : sequence(items[0] ?? others, behind(1));
  if (least > most) return NOTHING;
  return sequence(literal('['), least === 0 ? optional(all) : all, literal(']'));
}
