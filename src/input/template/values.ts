/**
 * Values of a template: Python's, as far as chat templates meet them. An int is a bigint, a float a number, a list an
 * array. All are immutable but namespaces, as in jinja2's immutable sandbox.
 */
export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | readonly Value[]
  | Tuple
  | Dict
  | Range
  | View
  | Lazy
  | Undefined
  | Namespace
  | Markup
  | Opaque;

export interface Tuple {
  readonly kind: 'tuple';
  readonly items: readonly Value[];
  /** Of a named tuple. */
  readonly names?: readonly string[];
}

/** Keeps the order of insertion. `keyOf` tells which keys are one. */
export interface Dict {
  readonly kind: 'dict';
  readonly entries: ReadonlyMap<unknown, readonly [key: Value, value: Value]>;
}

export interface Range {
  readonly kind: 'range';
  readonly start: bigint;
  readonly stop: bigint;
  readonly step: bigint;
}

/** What `keys()`, `values()` and `items()` of a dict give. */
export interface View {
  readonly kind: 'view';
  readonly of: 'keys' | 'values' | 'items';
  readonly dict: Dict;
}

/** A generator: goes over its items once. */
export interface Lazy {
  readonly kind: 'lazy';
  readonly items: Iterator<Value>;
}

/** What a name stands for that was never given. */
export interface Undefined {
  readonly kind: 'undefined';
  /** Why there is nothing, in the words of the error that using it raises. */
  readonly reason: string;
}

export interface Namespace {
  readonly kind: 'namespace';
  readonly attributes: Map<string, Value>;
}

/** Text that `safe` or `escape` marked. */
export interface Markup {
  readonly kind: 'markup';
  readonly text: string;
}

/** Functions, methods, macros, `loop`, cyclers: known by what they do. */
export interface Opaque {
  readonly kind: 'opaque';
  /** In words, for errors. */
  readonly what: string;
  /** Undefined where there is no such attribute. */
  readonly attribute: (name: string) => Value | undefined;
  readonly call?: (given: Arguments) => Value;
  /** Whether a call may go through all that it is given. */
  readonly thorough?: true;
  /** As printed; absent where Python prints an address. */
  readonly text?: () => string;
  readonly length?: () => bigint;
}

/** What a function, filter or test is given. */
export interface Arguments {
  readonly positional: readonly Value[];
  readonly named: ReadonlyMap<string, Value>;
}

export const tuple = (items: readonly Value[]): Tuple => ({ kind: 'tuple', items });
export const lazy = (items: Iterator<Value>): Lazy => ({ kind: 'lazy', items });
export const undefinedBecause = (reason: string): Undefined => ({ kind: 'undefined', reason });

/** `??` would take None for nothing. */
export function orElse(value: Value | undefined, otherwise: () => Value): Value {
  return value === undefined ? otherwise() : value;
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

type Kinds = Exclude<Value, null | boolean | bigint | number | string | readonly Value[]>;

/** Narrows to one of the kinds that are tagged. */
export function is<K extends Kinds['kind']>(
  value: Value,
  kind: K,
): value is Extract<Kinds, { kind: K }> {
  return typeof value === 'object' && value !== null && !isList(value) && value.kind === kind;
}

/** Python's name of the value's type, for errors. */
export function typeName(value: Value): string {
  if (value === null) return 'NoneType';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return 'float';
  if (typeof value === 'string') return 'str';
  if (isList(value)) return 'list';
  return value.kind === 'opaque' ? value.what : value.kind;
}

export function callable(what: string, call: (given: Arguments) => Value): Opaque {
  return { kind: 'opaque', what, attribute: () => undefined, call };
}

export function method(call: (given: Arguments) => Value): Opaque {
  return { ...callable('a method', call), thorough: true };
}
