import type { Budget } from './budget.ts';
import type { Arguments, Value } from './values.ts';

/** What filters and tests reach of the template that runs. */
export interface Runtime {
  readonly budget: Budget;
  /** Calls the filter of that name; fails if there is none. */
  filter(name: string, given: Arguments): Value;
  test(name: string, given: Arguments): boolean;
}

/** The first of the given values is the one that is filtered or tested. */
export type Filter = (given: Arguments, runtime: Runtime) => Value;
export type Test = (given: Arguments, runtime: Runtime) => boolean;
