/** Expressions to values. */
import { attribute, item, slice } from './access.ts';
import { binary, unary } from './arithmetic.ts';
import { atMost, contains, equal, less } from './compare.ts';
import { fail } from './failure.ts';
import { SHALLOW_FILTERS } from './filters.ts';
import type { Frame, Globals } from './frame.ts';
import { lookUp } from './frame.ts';
import { dictOf } from './from-data.ts';
import { iterable, truth } from './iterate.ts';
import type { Comparison, Expression, Given } from './nodes.ts';
import { toText } from './print.ts';
import type { Runtime } from './runtime.ts';
import {
  type Arguments,
  is,
  isList,
  tuple,
  typeName,
  undefinedBecause,
  type Value,
} from './values.ts';

/** A template that runs. */
export interface Machine extends Runtime {
  readonly globals: Globals;
}

export function evaluate(node: Expression, frame: Frame, machine: Machine): Value {
  machine.budget.spend(1);
  return machine.budget.bounded(compute(node, frame, machine));
}

function compute(node: Expression, frame: Frame, machine: Machine): Value {
  const { budget } = machine;
  const of = (part: Expression) => evaluate(part, frame, machine);
  switch (node.kind) {
    case 'constant':
      return node.value;
    case 'name':
      return lookUp(frame, node.name);
    case 'tuple':
      return tuple(node.items.map(of));
    case 'list':
      return node.items.map(of);
    case 'dict':
      return dictOf(node.pairs.map(([key, value]) => [of(key), of(value)]));
    case 'if':
      if (truth(of(node.test))) return of(node.value);
      return node.otherwise === null
        ? undefinedBecause('the inline if-expression was false and has no else')
        : of(node.otherwise);
    case 'and': {
      const left = of(node.left);
      return truth(left) ? of(node.right) : left;
    }
    case 'or': {
      const left = of(node.left);
      return truth(left) ? left : of(node.right);
    }
    case 'not':
      return !truth(of(node.of));
    case 'unary':
      return unary(node.operator, of(node.of));
    case 'binary': {
      const [left, right] = [of(node.left), of(node.right)];
      budget.spendOn(left);
      budget.spendOn(right);
      return binary(node.operator, left, right);
    }
    case 'concat':
      return node.parts.map((part) => textOf(of(part), machine)).join('');
    case 'compare':
      return compareAll(of(node.first), node.rest, of, machine);
    case 'attribute': {
      const owner = of(node.of);
      if (typeof owner === 'string' || isList(owner)) budget.spend(owner.length >> 2);
      return attribute(owner, node.name);
    }
    case 'item': {
      const owner = of(node.of);
      if (typeof owner === 'string') budget.spend(owner.length >> 8);
      return item(owner, of(node.key));
    }
    case 'slice': {
      const place = (part: Expression | null) => (part === null ? null : of(part));
      const whole = of(node.of);
      const part = slice(whole, place(node.start), place(node.stop), place(node.step));
      if (typeof whole === 'string') budget.spend(whole.length >> 8);
      budget.spend(isList(part) || typeof part === 'string' ? part.length : 1);
      return part;
    }
    case 'call': {
      const called = of(node.of);
      const given = argumentsOf(node.given, of);
      if (is(called, 'opaque') && called.thorough) given.positional.forEach(budget.spendOn);
      return call(called, given);
    }
    case 'filter': {
      const filtered = node.of === null ? fail('a filter of nothing') : of(node.of);
      return applyFilter(node.name, filtered, argumentsOf(node.given, of), machine);
    }
    case 'test': {
      const tested = of(node.of);
      return machine.test(node.name, before(tested, argumentsOf(node.given, of)));
    }
  }
}

/** As `str()`, at its cost. */
export function textOf(value: Value, { budget }: Machine): string {
  budget.spendOn(value);
  return toText(value);
}

export function applyFilter(
  name: string,
  filtered: Value,
  given: Arguments,
  machine: Machine,
): Value {
  if (!SHALLOW_FILTERS.has(name)) machine.budget.spendOn(filtered);
  else if (isList(filtered)) machine.budget.spend(filtered.length);
  return machine.filter(name, before(filtered, given));
}

function before(value: Value, { positional, named }: Arguments): Arguments {
  return { positional: [value, ...positional], named };
}

/** `a < b < c` is both, with `b` looked at once. */
function compareAll(
  first: Value,
  rest: readonly (readonly [Comparison, Expression])[],
  of: (part: Expression) => Value,
  { budget }: Machine,
): boolean {
  let left = first;
  return rest.every(([by, part]) => {
    const right = of(part);
    if (by !== 'in' && by !== 'not in') budget.spendOn(left);
    if (!is(right, 'dict')) budget.spendOn(right);
    const holds = COMPARISONS[by](left, right);
    left = right;
    return holds;
  });
}

const COMPARISONS: Readonly<Record<Comparison, (left: Value, right: Value) => boolean>> = {
  '==': equal,
  '!=': (left, right) => !equal(left, right),
  '<': less,
  '<=': atMost,
  '>': (left, right) => less(right, left),
  '>=': (left, right) => atMost(right, left),
  in: (left, right) => contains(right, left),
  'not in': (left, right) => !contains(right, left),
};

export function call(called: Value, given: Arguments): Value {
  if (is(called, 'undefined')) return fail(called.reason);
  if (!is(called, 'opaque') || called.call === undefined) {
    return fail(`'${typeName(called)}' object is not callable`);
  }
  return called.call(given);
}

export function argumentsOf(given: Given, of: (part: Expression) => Value): Arguments {
  const positional = given.positional.map(of);
  const named = new Map(given.named.map(([name, part]) => [name, of(part)]));
  if (given.spread !== null) positional.push(...iterable(of(given.spread)));
  if (given.spreadNamed !== null) addNamed(named, of(given.spreadNamed));
  return { positional, named };
}

function addNamed(named: Map<string, Value>, spread: Value): void {
  if (!is(spread, 'dict')) fail('argument after ** must be a mapping');
  for (const [key, value] of spread.entries.values()) {
    if (typeof key !== 'string') fail('keywords must be strings');
    if (named.has(key)) fail(`got multiple values for keyword argument '${key}'`);
    named.set(key, value);
  }
}
