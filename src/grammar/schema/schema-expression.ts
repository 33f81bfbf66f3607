import { SchemaError } from '../../contracts/errors.ts';
import { accepts } from '../accepts.ts';
import { createAutomaton } from '../automaton.ts';
import { choice, type Expression, literal, NOTHING, rule } from '../expression.ts';
import { jsonText } from '../json-text.ts';
import { anyValue, BOOLEAN, NULL } from '../json-values.ts';
import { arrayExpression } from './array-expression.ts';
import type { Case, ExpressionOf, Kind } from './case.ts';
import { numberExpression } from './number-expression.ts';
import { objectExpression } from './object-expression.ts';
import { kindOf, schemaCases } from './schema-cases.ts';
import { stringExpression } from './string-expression.ts';

/**
 * The texts of JSON that keep a schema, written in one way: on one line, properties in the order in which the schema names
 * them, and none that it doesn't name unless it says that there may be others. So the grammar is within the schema, never
 * beyond it.
 * @param path where the schema stands, as errors say it
 * @throws SchemaError for what can't be kept, before anything is made of the schema
 */
export function schemaExpression(schema: unknown, path = '#'): Expression {
  const ids = new Map<unknown, number>();
  const bodies = new Map<string, Expression | null>();
  const expressionOf: ExpressionOf = (schemas) => {
    const key = schemas.map(({ schema }) => idIn(ids, schema)).join();
    const known = bodies.get(key);
    if (known === null) return rule(() => bodies.get(key) as Expression); // it is being made: it holds itself
    if (known !== undefined) return known;
    bodies.set(key, null);
    const made = choice(
      ...schemaCases({ schema, path }, schemas).map((one) => caseExpression(one, expressionOf)),
    );
    bodies.set(key, made);
    return made;
  };
  const whole = expressionOf([{ schema, path }]);
  const start = whole === NOTHING ? null : createAutomaton(whole);
  if (start === null || !(start.goesOn || start.accepts)) {
    throw new SchemaError(path, 'this', 'allows no value at all');
  }
  return whole;
}

function idIn(ids: Map<unknown, number>, schema: unknown): number {
  const id = ids.get(schema) ?? ids.size;
  ids.set(schema, id);
  return id;
}

function caseExpression(one: Case, expressionOf: ExpressionOf): Expression {
  const { values, ...rest } = one;
  const rules = [rest.number, rest.string, rest.array, rest.object];
  if (values === null) return kindExpressions(rest, expressionOf);
  if (rest.kinds === null && rules.every((rule) => rule === null)) return literals(values);
  const allowed = createAutomaton(kindExpressions(rest, expressionOf));
  return literals(
    values.filter((value) => isOfKind(value, rest.kinds) && accepts(allowed, jsonText(value))),
  );
}

const literals = (values: readonly unknown[]): Expression =>
  choice(...values.map((value) => literal(jsonText(value))));

function isOfKind(value: unknown, kinds: Case['kinds']): boolean {
  const kind = kindOf(value) as Kind;
  return kinds === null || kinds.has(kind) || (kind === 'number' && kinds.has('integer'));
}

/** Where no kind is named, those of which something is said. */
function kindExpressions(one: Omit<Case, 'values'>, expressionOf: ExpressionOf): Expression {
  const spoken: Kind[] = [
    ...(one.number === null ? [] : ['number' as const]),
    ...(one.string === null ? [] : ['string' as const]),
    ...(one.array === null ? [] : ['array' as const]),
    ...(one.object === null ? [] : ['object' as const]),
  ];
  if (one.kinds === null && spoken.length === 0) return anyValue;
  const kinds = one.kinds ?? new Set(spoken);
  const of: Readonly<Record<Kind, () => Expression>> = {
    null: () => NULL,
    boolean: () => BOOLEAN,
    integer: () => (kinds.has('number') ? NOTHING : numberExpression(one.number, true)),
    number: () => numberExpression(one.number, false),
    string: () => stringExpression(one.string),
    array: () => arrayExpression(one.array, expressionOf),
    object: () => objectExpression(one.object, expressionOf),
  };
  return choice(...[...kinds].map((kind) => of[kind]()));
}
