import type { Expression } from '../expression.ts';

/**
 * One way in which a value may keep a schema, all `$ref`, `allOf` and `anyOf` resolved: what is said of each kind of value.
 * Null is where nothing is said.
 */
export interface Case {
  readonly kinds: ReadonlySet<Kind> | null;
  /** From `enum` and `const`. */
  readonly values: readonly unknown[] | null;
  readonly number: NumberRules | null;
  readonly string: StringRules | null;
  readonly array: ArrayRules | null;
  readonly object: ObjectRules | null;
}

export type Kind = 'null' | 'boolean' | 'integer' | 'number' | 'string' | 'array' | 'object';

/** A schema and where it stands, as a JSON pointer. */
export interface Located {
  readonly schema: unknown;
  readonly path: string;
}

/** Schemas that a value must keep all of. */
export type Together = readonly Located[];

/** Makes the expression of values that keep some schemas at once. */
export type ExpressionOf = (schemas: Together) => Expression;

export interface NumberRules {
  readonly least: number;
  readonly leastOpen: boolean;
  readonly most: number;
  readonly mostOpen: boolean;
  /** A whole number, from `multipleOf`; 0 where nothing is said. */
  readonly step: number;
  readonly path: string;
}

export interface StringRules {
  /** Characters. */
  readonly least: number;
  readonly most: number;
  /** A regular expression, from `pattern` or `format`. */
  readonly pattern: {
    readonly source: string;
    readonly path: string;
    readonly keyword: string;
  } | null;
}

export interface ArrayRules {
  /** Of the first items. */
  readonly first: readonly Together[];
  /** Of those behind them; null where nothing is said. */
  readonly rest: Together | null;
  readonly least: number;
  readonly most: number;
  /** Where all items are to differ. */
  readonly unique: string | null;
}

export interface ObjectRules {
  readonly properties: ReadonlyMap<string, Together>;
  readonly required: ReadonlySet<string>;
  /** Of properties that are not named; null where nothing is said. */
  readonly others: Together | null;
  readonly least: number;
  readonly most: number;
  readonly path: string;
}

export const ANY_CASE: Case = {
  kinds: null,
  values: null,
  number: null,
  string: null,
  array: null,
  object: null,
};
