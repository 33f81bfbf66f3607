/** Chat templates as jinja2 renders them where Hugging Face sets it up, or refused by name. */
import { createBudget } from './budget.ts';
import { type Executor, execute } from './execute.ts';
import { fail } from './failure.ts';
import { FILTERS } from './filters.ts';
import { enter, openFrame } from './frame.ts';
import { createGlobals } from './globals.ts';
import { parseTemplate } from './parse-template.ts';
import { planTemplate } from './plan.ts';
import { refuse } from './refuse.ts';
import { TESTS } from './tests.ts';
import type { Value } from './values.ts';

/** Renders with the given variables; the same ones give the same text, but for what `now` tells. */
export type Template = (variables: ReadonlyMap<string, Value>) => string;

/**
 * Throws TemplateFailure where jinja2 fails too, when the template is compiled or when it is rendered, and
 * UnsupportedTemplateError for what is not known to come out the same.
 */
export function compileTemplate(source: string, { now }: { now: () => Date }): Template {
  const body = shallow(() => parseTemplate(source));
  const plan = shallow(() => planTemplate(body));
  const functions = createGlobals(now);
  return (variables) => {
    const run: Executor = {
      plan,
      budget: createBudget(),
      globals(name) {
        if (name === 'self') return refuse('the name "self"');
        return variables.has(name) ? variables.get(name) : functions.get(name);
      },
      filter(name, given) {
        const filter = FILTERS.get(name) ?? fail(`No filter named '${name}'.`);
        run.budget.spend(5);
        return filter(given, run);
      },
      test(name, given) {
        const test = TESTS.get(name) ?? fail(`No test named '${name}'.`);
        run.budget.spend(5);
        return test(given, run);
      },
    };
    const frame = openFrame(plan.root, null);
    const written: string[] = [];
    shallow(() => {
      enter(frame, run.globals);
      execute(body, frame, run, written);
    });
    return written.join('');
  };
}

/** JavaScript's own limits, of what is nested and of how long a text is, are refusals too. */
function shallow<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof RangeError) return refuse('nesting or texts beyond all measure');
    throw error;
  }
}
