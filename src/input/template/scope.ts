/**
 * Which variable a name means where, decided before anything runs, as jinja2 does: each scope lists its names with what
 * they begin as. What a loop's body sets is gone in the next round; a name read before it is set means the outer one.
 */
import type { Body, CallBody, FilterBlock, For, Statement, Target } from './nodes.ts';
import { fieldsSet, namesIn, namesSet } from './walk.ts';

/** What a variable begins as when its scope is entered. */
type Begin =
  /** Set by whoever enters: a loop's target, a macro's argument. */
  | { readonly kind: 'given' }
  /** The value of that name handed to the template, or a function of all templates. */
  | { readonly kind: 'global' }
  | { readonly kind: 'copy'; readonly of: Variable }
  | { readonly kind: 'unset' };

export interface Variable {
  readonly name: string;
  readonly scope: Scope;
}

export interface Scope {
  readonly begins: ReadonlyMap<Variable, Begin>;
  /** The variable that a name means here; undefined for one that was never met. */
  find(name: string): Variable | undefined;
}

interface Analysis {
  readonly parent: Scope | null;
  readonly variables: Map<string, Variable>;
  readonly begins: Map<Variable, Begin>;
  readonly set: Set<string>;
  /** One for each name, in whichever branch it is met. */
  readonly variable: (name: string) => Variable;
}

/** A scope and its names, found by going through what is right inside of it. */
function analyse(parent: Scope | null, visit: (analysis: Analysis) => void): Scope {
  const made = new Map<string, Variable>();
  const analysis: Analysis = {
    parent,
    variables: new Map(),
    begins: new Map(),
    set: new Set(),
    variable(name) {
      const one = made.get(name) ?? { name, scope };
      made.set(name, one);
      return one;
    },
  };
  const scope: Scope = {
    begins: analysis.begins,
    find: (name) => analysis.variables.get(name) ?? parent?.find(name),
  };
  visit(analysis);
  return scope;
}

function define({ variable, variables, begins }: Analysis, name: string, begin: Begin): void {
  variables.set(name, variable(name));
  begins.set(variable(name), begin);
}

function give(analysis: Analysis, names: readonly string[]): void {
  for (const name of names) {
    analysis.set.add(name);
    define(analysis, name, { kind: 'given' });
  }
}

function read(analysis: Analysis, names: readonly string[]): void {
  for (const name of names) {
    const known = analysis.variables.get(name) ?? analysis.parent?.find(name);
    if (known === undefined) define(analysis, name, { kind: 'global' });
  }
}

function set(analysis: Analysis, target: Target): void {
  read(analysis, fieldsSet(target));
  for (const name of namesSet(target)) setName(analysis, name);
}

function setName(analysis: Analysis, name: string): void {
  analysis.set.add(name);
  if (analysis.variables.has(name)) return;
  const of = analysis.parent?.find(name);
  define(analysis, name, of === undefined ? { kind: 'unset' } : { kind: 'copy', of });
}

function visitBody(analysis: Analysis, body: Body): void {
  for (const statement of body) visit(analysis, statement);
}

/** What stands in scopes of its own is not gone into. */
function visit(analysis: Analysis, statement: Statement): void {
  switch (statement.kind) {
    case 'print':
      read(analysis, namesIn(statement.value));
      return;
    case 'branch': {
      read(analysis, namesIn(statement.test));
      const { body, elifs, otherwise } = statement;
      visitBranches(analysis, [
        (branch) => visitBody(branch, body),
        (branch) => {
          for (const [test, inner] of elifs) {
            read(branch, namesIn(test));
            visitBranches(branch, [(deeper) => visitBody(deeper, inner)]);
          }
        },
        (branch) => visitBody(branch, otherwise),
      ]);
      return;
    }
    case 'for':
      read(analysis, namesIn(statement.items));
      return;
    case 'set':
      read(analysis, namesIn(statement.value));
      set(analysis, statement.target);
      return;
    case 'setBlock':
      set(analysis, statement.target);
      return;
    case 'with':
      read(analysis, namesIn(...statement.sets.map(([, value]) => value)));
      return;
    case 'filterBlock':
      read(analysis, namesIn(statement.filter));
      return;
    case 'macro':
      setName(analysis, statement.name);
      return;
    case 'callBlock':
      read(analysis, namesIn(statement.call));
      return;
    default:
  }
}

/** A name that a branch sets may stay unset: it then begins as the outer one. */
function visitBranches(
  analysis: Analysis,
  branches: readonly ((branch: Analysis) => void)[],
): void {
  const ended = branches.map((visit) => {
    const branch: Analysis = {
      ...analysis,
      variables: new Map(analysis.variables),
      begins: new Map(analysis.begins),
      set: new Set(analysis.set),
    };
    visit(branch);
    return branch;
  });
  const fresh = ended.flatMap((branch) =>
    [...branch.set].filter((name) => !analysis.set.has(name)),
  );
  for (const branch of ended) {
    for (const [name, variable] of branch.variables) analysis.variables.set(name, variable);
    for (const [variable, begin] of branch.begins) analysis.begins.set(variable, begin);
    for (const name of branch.set) analysis.set.add(name);
  }
  for (const name of fresh) {
    const of = analysis.parent?.find(name);
    define(analysis, name, of === undefined ? { kind: 'global' } : { kind: 'copy', of });
  }
}

/** Of a template, or of a block within one; `given` names are set by whoever enters. */
export function scopeOfBody(
  parent: Scope | null,
  body: Body,
  given: readonly string[] = [],
): Scope {
  return analyse(parent, (analysis) => {
    give(analysis, given);
    visitBody(analysis, body);
  });
}

export function scopeOfFilterBlock(parent: Scope, { body, filter }: FilterBlock): Scope {
  return analyse(parent, (analysis) => {
    visitBody(analysis, body);
    read(analysis, namesIn(filter));
  });
}

export function scopeOfLoopTest(parent: Scope, { target, test }: For): Scope {
  return analyse(parent, (analysis) => {
    give(analysis, namesSet(target));
    if (test !== null) read(analysis, namesIn(test));
  });
}

/** Of a macro or call block; `specials` are those of `caller`, `kwargs` and `varargs` that it reads. */
export function scopeOfCall(
  parent: Scope,
  { names, defaults, body }: CallBody,
  specials: readonly string[],
): Scope {
  return analyse(parent, (analysis) => {
    give(analysis, names);
    read(analysis, namesIn(...defaults));
    visitBody(analysis, body);
    give(analysis, specials);
  });
}
