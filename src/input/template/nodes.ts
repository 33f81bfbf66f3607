/** What a template is made of, as jinja2 parses it. */
import type { BinaryOperator } from './arithmetic.ts';

interface At {
  /** Line of the template, counted from 1. */
  readonly line: number;
}

export type Expression = At &
  (
    | { readonly kind: 'constant'; readonly value: null | boolean | bigint | number | string }
    | Name
    | { readonly kind: 'tuple' | 'list'; readonly items: readonly Expression[] }
    | { readonly kind: 'dict'; readonly pairs: readonly (readonly [Expression, Expression])[] }
    | {
        readonly kind: 'if';
        readonly test: Expression;
        readonly value: Expression;
        readonly otherwise: Expression | null;
      }
    | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
    | { readonly kind: 'not'; readonly of: Expression }
    | { readonly kind: 'unary'; readonly operator: '+' | '-'; readonly of: Expression }
    | {
        readonly kind: 'binary';
        readonly operator: BinaryOperator;
        readonly left: Expression;
        readonly right: Expression;
      }
    | { readonly kind: 'concat'; readonly parts: readonly Expression[] }
    | {
        readonly kind: 'compare';
        readonly first: Expression;
        readonly rest: readonly (readonly [Comparison, Expression])[];
      }
    | { readonly kind: 'attribute'; readonly of: Expression; readonly name: string }
    | { readonly kind: 'item'; readonly of: Expression; readonly key: Expression }
    | {
        readonly kind: 'slice';
        readonly of: Expression;
        readonly start: Expression | null;
        readonly stop: Expression | null;
        readonly step: Expression | null;
      }
    | Call
    | Filtered
    | {
        readonly kind: 'test';
        readonly of: Expression;
        readonly name: string;
        readonly given: Given;
      }
  );

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in';

interface Name {
  readonly kind: 'name';
  readonly name: string;
}

export interface Call extends At {
  readonly kind: 'call';
  readonly of: Expression;
  readonly given: Given;
}

export interface Filtered extends At {
  readonly kind: 'filter';
  /** Null for the text of a block. */
  readonly of: Expression | null;
  readonly name: string;
  readonly given: Given;
}

/** Arguments as written. */
export interface Given {
  readonly positional: readonly Expression[];
  readonly named: readonly (readonly [string, Expression])[];
  /** Behind `*`. */
  readonly spread: Expression | null;
  /** Behind `**`. */
  readonly spreadNamed: Expression | null;
}

/** What a value is given to. */
export type Target =
  | Name
  | { readonly kind: 'field'; readonly of: string; readonly name: string }
  | { readonly kind: 'targets'; readonly items: readonly Target[] };

export type Body = readonly Statement[];

export type Statement = At &
  (
    | { readonly kind: 'text'; readonly text: string }
    | { readonly kind: 'print'; readonly value: Expression }
    | If
    | For
    | { readonly kind: 'set'; readonly target: Target; readonly value: Expression }
    | SetBlock
    | With
    | FilterBlock
    | Macro
    | CallBlock
    | { readonly kind: 'generation'; readonly block: CallBody }
    | { readonly kind: 'break' | 'continue' }
  );

interface If {
  readonly kind: 'branch';
  readonly test: Expression;
  readonly body: Body;
  readonly elifs: readonly (readonly [test: Expression, body: Body])[];
  readonly otherwise: Body;
}

export interface For {
  readonly kind: 'for';
  readonly target: Target;
  readonly items: Expression;
  readonly test: Expression | null;
  readonly recursive: boolean;
  readonly body: Body;
  readonly otherwise: Body;
}

export interface SetBlock {
  readonly kind: 'setBlock';
  readonly target: Target;
  readonly filter: Filtered | null;
  readonly body: Body;
}

export interface With {
  readonly kind: 'with';
  readonly sets: readonly (readonly [Target, Expression])[];
  readonly body: Body;
}

export interface FilterBlock {
  readonly kind: 'filterBlock';
  readonly filter: Filtered;
  readonly body: Body;
}

/** What macros and call blocks share. The last names have the defaults. */
export interface CallBody {
  readonly names: readonly string[];
  readonly defaults: readonly Expression[];
  readonly body: Body;
}

interface Macro {
  readonly kind: 'macro';
  readonly name: string;
  readonly block: CallBody;
}

interface CallBlock {
  readonly kind: 'callBlock';
  readonly call: Call;
  readonly block: CallBody;
}
