/** The values of a scope's variables while it runs. */
import type { Scope, Variable } from './scope.ts';
import { undefinedBecause, type Value } from './values.ts';

export interface Frame {
  readonly scope: Scope;
  /** Without those that are unset. */
  readonly values: Map<Variable, Value>;
  readonly parent: Frame | null;
}

/** The value handed to the template under that name, or a function of all templates. */
export type Globals = (name: string) => Value | undefined;

export function openFrame(scope: Scope, parent: Frame | null): Frame {
  return { scope, values: new Map(), parent };
}

/** Lets every variable begin; of those that are given the values stay. */
export function enter(frame: Frame, globals: Globals): void {
  for (const [variable, begin] of frame.scope.begins) {
    if (begin.kind === 'given') continue;
    const value =
      begin.kind === 'global'
        ? globals(variable.name)
        : begin.kind === 'copy'
          ? peek(frame, begin.of)
          : undefined;
    if (value === undefined) frame.values.delete(variable);
    else frame.values.set(variable, value);
  }
}

function holder(frame: Frame, variable: Variable): Frame | null {
  let at: Frame | null = frame;
  while (at !== null && at.scope !== variable.scope) at = at.parent;
  return at;
}

function peek(frame: Frame, variable: Variable): Value | undefined {
  return holder(frame, variable)?.values.get(variable);
}

/** What the name means here. */
export function lookUp(frame: Frame, name: string): Value {
  const variable = frame.scope.find(name);
  const value = variable === undefined ? undefined : peek(frame, variable);
  return value === undefined ? undefinedBecause(`'${name}' is undefined`) : value;
}

export function setValue(frame: Frame, name: string, value: Value): void {
  const variable = frame.scope.find(name);
  if (variable === undefined) throw new Error(`no scope knows the name ${name}`);
  holder(frame, variable)?.values.set(variable, value);
}
