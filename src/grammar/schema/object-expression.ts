import { SchemaError } from '../../contracts/errors.ts';
import {
  choice,
  type Expression,
  literal,
  NOTHING,
  optional,
  repeat,
  sequence,
} from '../expression.ts';
import { COLON, COMMA } from '../json-text.ts';
import { anyObject } from '../json-values.ts';
import { otherNames } from '../other-names.ts';
import type { ExpressionOf, ObjectRules } from './case.ts';

interface Property {
  readonly text: Expression;
  readonly required: boolean;
}

/**
 * An object that keeps its rules: named properties in their order, then others, whose names are none of them. One with
 * named properties and no word on others has no others.
 */
export function objectExpression(
  rules: ObjectRules | null,
  expressionOf: ExpressionOf,
): Expression {
  if (rules === null) return anyObject;
  const { properties, required, others } = rules;
  const unnamed = [...required].filter((name) => !properties.has(name));
  const all = [...properties, ...unnamed.map((name) => [name, others ?? []] as const)];
  const named = all.flatMap(([name, schemas]): Property[] => {
    const value = expressionOf(schemas);
    if (value === NOTHING && !required.has(name)) return [];
    const text = sequence(literal(JSON.stringify(name) + COLON), value);
    return [{ text, required: required.has(name) }];
  });
  const closed = others === null && properties.size > 0;
  const value = closed ? NOTHING : expressionOf(others ?? []);
  const other = sequence(otherNames(all.map(([name]) => name)), literal(COLON), value);
  const [least, most] = otherCounts(rules, named, other === NOTHING);
  const more = repeat(sequence(literal(COMMA), other), least, most);
  const first =
    least > most || most === 0
      ? NOTHING
      : sequence(other, repeat(sequence(literal(COMMA), other), Math.max(0, least - 1), most - 1));
  const alone = least === 0 ? optional(first) : first;
  if (least > most) return NOTHING;

  /** Behind the properties before `at`: with one of them written, or none. */
  let begun: Expression = more;
  let bare: Expression = alone;
  for (const { text, required } of named.toReversed()) {
    const [with_, without] = [sequence(text, begun), bare];
    bare = required ? with_ : choice(with_, without);
    const next = sequence(literal(COMMA), text, begun);
    begun = required ? next : choice(next, begun);
  }
  return sequence(literal('{'), bare, literal('}'));
}

/** How many others there may be. */
function otherCounts(
  { least, most, path }: ObjectRules,
  named: readonly Property[],
  none: boolean,
): [least: number, most: number] {
  const must = named.filter(({ required }) => required).length;
  const may = named.length - must;
  const refuse = (keyword: string): never => {
    throw new SchemaError(
      path,
      keyword,
      'is not supported here: an answer could have another count of properties',
    );
  };
  if (none) {
    if (must < least && named.length >= least) refuse('minProperties');
    if (named.length > most && must <= most) refuse('maxProperties');
    return must > most || named.length < least ? [1, 0] : [0, 0];
  }
  // Two others may have the same name, and count once: one alone is sure to count.
  if (least > must && (may > 0 || least > must + 1)) refuse('minProperties');
  if (Number.isFinite(most) && may > 0) refuse('maxProperties');
  return [Math.max(0, least - must), most - must];
}
