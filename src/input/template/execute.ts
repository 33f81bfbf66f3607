/** Statements to text. */
import { applyFilter, argumentsOf, call, evaluate, type Machine, textOf } from './evaluate.ts';
import { atLine, fail } from './failure.ts';
import { enter, type Frame, lookUp, openFrame, setValue } from './frame.ts';
import { iterable, iterate, listOf, truth } from './iterate.ts';
import { createLoop } from './loop.ts';
import { createMacro } from './macro.ts';
import type { Body, CallBody, Expression, Filtered, For, Statement, Target } from './nodes.ts';
import type { LoopPlan, Plan } from './plan.ts';
import type { Scope } from './scope.ts';
import { is, lazy, type Opaque, tuple, typeName, undefinedBecause, type Value } from './values.ts';
import { fieldsSet } from './walk.ts';

/** How a body ended, where not at its end. */
type Ending = 'break' | 'continue' | undefined;

/** What runs a template's statements. */
export interface Executor extends Machine {
  readonly plan: Plan;
}

/** Writes what the body says to `out`. */
export function execute(body: Body, frame: Frame, run: Executor, out: string[]): Ending {
  for (const statement of body) {
    run.budget.spend(1);
    try {
      const ending = step(statement, frame, run, out);
      if (ending !== undefined) return ending;
    } catch (error) {
      throw atLine(error, statement.line);
    }
  }
  return undefined;
}

function step(node: Statement, frame: Frame, run: Executor, out: string[]): Ending {
  const of = (part: Expression) => evaluate(part, frame, run);
  switch (node.kind) {
    case 'text':
      out.push(node.text);
      return undefined;
    case 'print':
      out.push(textOf(of(node.value), run));
      return undefined;
    case 'branch': {
      if (truth(of(node.test))) return execute(node.body, frame, run, out);
      const branch = node.elifs.find(([test]) => truth(of(test)));
      return execute(branch?.[1] ?? node.otherwise, frame, run, out);
    }
    case 'for':
      return runFor(node, frame, run, out);
    case 'set':
      checkFields(node.target, frame);
      assign(node.target, of(node.value), frame);
      return undefined;
    case 'setBlock': {
      const inner = openBlock(planned(run.plan.blocks, node), frame, run);
      const written: string[] = [];
      const ending = execute(node.body, inner, run, written);
      if (ending !== undefined) return ending;
      checkFields(node.target, frame);
      assign(node.target, filtered(node.filter, written.join(''), inner, run), frame);
      return undefined;
    }
    case 'with': {
      const inner = openBlock(planned(run.plan.blocks, node), frame, run);
      for (const [target, value] of node.sets) assign(target, of(value), inner);
      return execute(node.body, inner, run, out);
    }
    case 'filterBlock': {
      const inner = openBlock(planned(run.plan.blocks, node), frame, run);
      const written: string[] = [];
      const ending = execute(node.body, inner, run, written);
      if (ending !== undefined) return ending;
      out.push(writable(filtered(node.filter, written.join(''), inner, run)));
      return undefined;
    }
    case 'macro':
      setValue(frame, node.name, macroOf(node.name, node.block, frame, run));
      return undefined;
    case 'callBlock': {
      const caller = macroOf(null, node.block, frame, run);
      const { positional, named } = argumentsOf(node.call.given, of);
      if (named.has('caller')) return fail("got multiple values for keyword argument 'caller'");
      const given = { positional, named: new Map([...named, ['caller', caller] as const]) };
      out.push(writable(call(of(node.call.of), given)));
      return undefined;
    }
    case 'generation': {
      const block = macroOf(null, node.block, frame, run);
      out.push(writable(call(block, { positional: [], named: new Map() })));
      return undefined;
    }
    default:
      return node.kind;
  }
}

function runFor(node: For, frame: Frame, run: Executor, out: string[]): Ending {
  const items = evaluate(node.items, frame, run);
  if (!node.recursive) return loopOver(node, { items, depth: 0 }, frame, run, out);
  const recurse = (items: Value, depth: number): string =>
    run.budget.nest(() => {
      const written: string[] = [];
      loopOver(node, { items, depth, recurse }, frame, run, written);
      return written.join('');
    });
  out.push(recurse(items, 0));
  return undefined;
}

interface Over {
  readonly items: Value;
  readonly depth: number;
  readonly recurse?: (items: Value, depth: number) => string;
}

function loopOver(
  node: For,
  { items, depth, recurse }: Over,
  frame: Frame,
  run: Executor,
  out: string[],
): Ending {
  const plan = planned(run.plan.loops, node);
  const source =
    node.test === null ? items : lazy(passing(node, node.test, items, plan, frame, run));
  const iterator = iterate(source);
  const loop = plan.counts ? createLoop(source, iterator, depth, recurse) : undefined;
  const inner = openFrame(plan.body, frame);
  const next = () => (loop ?? iterator).next();
  let wentThrough = false;
  for (let round = next(); !round.done; round = next()) {
    run.budget.spend(1);
    assign(node.target, round.value, inner);
    if (loop !== undefined) setValue(inner, 'loop', loop.value);
    enter(inner, run.globals);
    const ending = execute(node.body, inner, run, out);
    if (ending === 'break') break;
    // jinja2 notes that there was an item at the end of a round that goes through
    if (ending === undefined) wentThrough = true;
  }
  inner.values.clear();
  if (wentThrough) return undefined;
  return execute(node.otherwise, openBlock(plan.otherwise, frame, run), run, out);
}

/** The items that a loop's own `if` lets pass. */
function* passing(
  node: For,
  test: Expression,
  items: Value,
  plan: LoopPlan,
  frame: Frame,
  run: Executor,
): Generator<Value, void> {
  const inner = openFrame(plan.test, frame);
  enter(inner, run.globals);
  for (const item of iterable(items)) {
    run.budget.spend(1);
    assign(node.target, item, inner);
    if (truth(evaluate(test, inner, run))) yield targetValue(node.target, inner);
  }
}

/** What a target was given, as it would read it. */
function targetValue(target: Target, frame: Frame): Value {
  if (target.kind === 'targets') return tuple(target.items.map((part) => targetValue(part, frame)));
  return lookUp(frame, target.name);
}

function checkFields(target: Target, frame: Frame): void {
  if (fieldsSet(target).some((name) => !is(lookUp(frame, name), 'namespace'))) {
    fail('cannot assign attribute on non-namespace object');
  }
}

function assign(target: Target, value: Value, frame: Frame): void {
  if (target.kind === 'name') {
    setValue(frame, target.name, value);
    return;
  }
  if (target.kind === 'field') {
    const owner = lookUp(frame, target.of);
    if (target.name.startsWith('_')) fail('names of a namespace must not begin with an underscore');
    if (is(owner, 'namespace')) owner.attributes.set(target.name, value);
    return;
  }
  const values = listOf(value);
  if (values.length !== target.items.length) {
    fail(`${values.length} values to unpack into ${target.items.length} names`);
  }
  for (const [i, part] of target.items.entries()) assign(part, values[i] as Value, frame);
}

function openBlock(scope: Scope, frame: Frame, run: Executor): Frame {
  const inner = openFrame(scope, frame);
  enter(inner, run.globals);
  return inner;
}

/** A block's text through its filters, the innermost first. */
function filtered(filter: Filtered | null, text: string, frame: Frame, run: Executor): Value {
  if (filter === null) return text;
  const inner = filter.of?.kind === 'filter' ? filter.of : null;
  const given = argumentsOf(filter.given, (part) => evaluate(part, frame, run));
  return applyFilter(filter.name, filtered(inner, text, frame, run), given, run);
}

/** Blocks write texts only. */
function writable(value: Value): string {
  if (typeof value === 'string') return value;
  return is(value, 'markup') ? value.text : fail(`expected str, ${typeName(value)} found`);
}

function macroOf(name: string | null, block: CallBody, frame: Frame, run: Executor): Opaque {
  const plan = planned(run.plan.calls, block);
  return createMacro(name, block.names, plan, (given) =>
    run.budget.nest(() => {
      const inner = openFrame(plan.scope, frame);
      for (const [argument, value] of given) setValue(inner, argument, value);
      enter(inner, run.globals);
      for (const [i, argument] of block.names.entries()) {
        if (given.has(argument)) continue;
        const otherwise = block.defaults[i - block.names.length + block.defaults.length];
        setValue(inner, argument, defaultOf(argument, otherwise, inner, run));
      }
      const written: string[] = [];
      execute(block.body, inner, run, written);
      return written.join('');
    }),
  );
}

function defaultOf(
  name: string,
  otherwise: Expression | undefined,
  frame: Frame,
  run: Executor,
): Value {
  if (otherwise !== undefined) return evaluate(otherwise, frame, run);
  return undefinedBecause(`parameter '${name}' was not provided`);
}

function planned<K, V>(plans: ReadonlyMap<K, V>, node: K): V {
  const plan = plans.get(node);
  if (plan === undefined) throw new Error('a block was not planned');
  return plan;
}
