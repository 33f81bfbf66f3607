/** Goes through a template before it runs: gives every block its scope, and fails where jinja2 would not compile it. */
import { atLine, fail } from './failure.ts';
import { FILTERS } from './filters.ts';
import type {
  Body,
  CallBody,
  Expression,
  FilterBlock,
  For,
  SetBlock,
  Statement,
  With,
} from './nodes.ts';
import { refuse } from './refuse.ts';
import {
  type Scope,
  scopeOfBody,
  scopeOfCall,
  scopeOfFilterBlock,
  scopeOfLoopTest,
} from './scope.ts';
import { TESTS } from './tests.ts';
import { namesIn, namesSet, partsOf, readFirst, usesIn } from './walk.ts';

export interface LoopPlan {
  readonly body: Scope;
  readonly otherwise: Scope;
  readonly test: Scope;
  /** Whether the body reads `loop`. */
  readonly counts: boolean;
}

export interface CallPlan {
  readonly scope: Scope;
  /** Those of `caller`, `kwargs` and `varargs` that it takes beside its own names. */
  readonly specials: readonly string[];
  readonly takesCaller: boolean;
}

export interface Plan {
  readonly root: Scope;
  readonly loops: ReadonlyMap<For, LoopPlan>;
  readonly calls: ReadonlyMap<CallBody, CallPlan>;
  readonly blocks: ReadonlyMap<SetBlock | FilterBlock | With, Scope>;
}

/** Python nests no more than 20 loops, 100 levels of blocks and 200 of brackets, of which jinja2 writes more than there are here. */
const MAX_LOOPS = 18;
const MAX_BLOCKS = 40;
const MAX_EXPRESSIONS = 90;

/** Where a statement stands. */
interface Place {
  readonly scope: Scope;
  /** Inside an `if`, where a filter that there is none of fails only when it is reached. */
  readonly soft: boolean;
  /** Loops around it that `break` would reach. */
  readonly loops: number;
  /** Blocks around it. */
  readonly depth: number;
}

export function planTemplate(body: Body): Plan {
  const loops = new Map<For, LoopPlan>();
  const calls = new Map<CallBody, CallPlan>();
  const blocks = new Map<SetBlock | FilterBlock | With, Scope>();

  const planBody = (body: Body, { depth, ...around }: Place) => {
    if (depth > MAX_BLOCKS) refuse(`more than ${MAX_BLOCKS} blocks inside each other`);
    const place = { ...around, depth: depth + 1 };
    for (const statement of body) {
      try {
        planStatement(statement, place);
      } catch (error) {
        throw atLine(error, statement.line);
      }
    }
  };
  const planStatement = (node: Statement, place: Place): void => {
    switch (node.kind) {
      case 'print':
        checkNames(node.value, place.soft);
        return;
      case 'branch': {
        const soft = { ...place, soft: true };
        for (const [test, inner] of [[node.test, node.body] as const, ...node.elifs]) {
          checkNames(test, true);
          planBody(inner, soft);
        }
        planBody(node.otherwise, soft);
        return;
      }
      case 'for':
        planLoop(node, place);
        return;
      case 'set':
        checkNames(node.value, place.soft);
        return;
      case 'setBlock': {
        const scope = scopeOfBody(place.scope, node.body);
        blocks.set(node, scope);
        planBody(node.body, { ...place, scope, soft: false });
        if (node.filter === null) return;
        checkNames(node.filter, false);
        const unknown = namesIn(node.filter).find((name) => scope.find(name) === undefined);
        if (unknown !== undefined) fail(`"${unknown}" is not known in the filter of the block`);
        return;
      }
      case 'with': {
        for (const [, value] of node.sets) checkNames(value, place.soft);
        const names = node.sets.flatMap(([target]) => namesSet(target));
        const scope = scopeOfBody(place.scope, node.body, names);
        blocks.set(node, scope);
        planBody(node.body, { ...place, scope, soft: false });
        return;
      }
      case 'filterBlock': {
        const scope = scopeOfFilterBlock(place.scope, node);
        blocks.set(node, scope);
        planBody(node.body, { ...place, scope, soft: false });
        checkNames(node.filter, false);
        return;
      }
      case 'callBlock':
        checkNames(node.call, place.soft);
        planCall(node.block, place);
        return;
      case 'macro':
      case 'generation':
        planCall(node.block, place);
        return;
      case 'break':
      case 'continue':
        if (place.loops === 0) fail(`"${node.kind}" outside of a loop`);
        return;
      default:
    }
  };
  const planLoop = (node: For, place: Place) => {
    if (place.loops === MAX_LOOPS) refuse(`more than ${MAX_LOOPS} loops inside each other`);
    if (usesIn([{ ...node, line: 0 }]).some(({ name, how }) => name === 'loop' && how === 'set')) {
      fail('"loop" can\'t be set in a loop');
    }
    const counts = node.recursive || readFirst(node.body, ['loop']).length > 0;
    const targets = namesSet(node.target);
    const plan: LoopPlan = {
      body: scopeOfBody(place.scope, node.body, counts ? ['loop', ...targets] : targets),
      otherwise: scopeOfBody(place.scope, node.otherwise),
      test: scopeOfLoopTest(place.scope, node),
      counts,
    };
    loops.set(node, plan);
    checkNames(node.items, place.soft);
    if (node.test !== null) checkNames(node.test, false);
    const outer = node.recursive ? 0 : place.loops;
    planBody(node.body, { ...place, scope: plan.body, soft: false, loops: outer + 1 });
    planBody(node.otherwise, { ...place, scope: plan.otherwise, soft: false, loops: outer });
  };
  const planCall = (block: CallBody, place: Place) => {
    const read = readFirst(block.body, ['caller', 'kwargs', 'varargs']);
    const callerAt = block.names.indexOf('caller');
    const withoutDefault = block.names.length - block.defaults.length;
    if (read.includes('caller') && callerAt >= 0 && callerAt < withoutDefault) {
      fail('the special "caller" argument must be omitted or be given a default');
    }
    const specials = read.filter((name) => !block.names.includes(name));
    const scope = scopeOfCall(place.scope, block, specials);
    calls.set(block, { scope, specials, takesCaller: read.includes('caller') });
    for (const value of block.defaults) checkNames(value, false);
    planBody(block.body, { ...place, scope, soft: false, loops: 0 });
  };

  const root = scopeOfBody(null, body);
  planBody(body, { scope: root, soft: false, loops: 0, depth: 0 });
  return { root, loops, calls, blocks };
}

/** Refuses filters and tests that there are none of; jinja2 passes over one that is folded away. */
function checkNames(node: Expression, soft: boolean, depth = 0): void {
  if (depth > MAX_EXPRESSIONS) refuse(`expressions nested deeper than ${MAX_EXPRESSIONS}`);
  if (!soft && node.kind === 'filter' && !FILTERS.has(node.name)) {
    refuse(`the unknown filter "${node.name}"`);
  }
  if (!soft && node.kind === 'test' && !TESTS.has(node.name))
    refuse(`the unknown test "${node.name}"`);
  for (const part of partsOf(node)) checkNames(part, soft || node.kind === 'if', depth + 1);
}
