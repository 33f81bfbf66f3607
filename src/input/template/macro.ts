/** Macros take their arguments as jinja2 lays them out. */
import { fail } from './failure.ts';
import { dictOf } from './from-data.ts';
import type { CallPlan } from './plan.ts';
import { refuse } from './refuse.ts';
import { type Arguments, type Opaque, tuple, undefinedBecause, type Value } from './values.ts';

/** `invoke` gets the arguments that were given, by name, and writes the macro's text. */
export function createMacro(
  name: string | null,
  names: readonly string[],
  plan: CallPlan,
  invoke: (given: ReadonlyMap<string, Value>) => string,
): Opaque {
  return {
    kind: 'opaque',
    what: 'macro',
    call: (given) => invoke(layOut(name ?? 'caller', names, plan, given)),
    text: () => (name === null ? '<Macro anonymous>' : `<Macro '${name}'>`),
    attribute(wanted) {
      if (wanted === 'name') return name;
      const own = ['arguments', 'caller', 'catch_kwargs', 'catch_varargs', 'explicit_caller'];
      return own.includes(wanted) || wanted.startsWith('_') ? refuse(`macro.${wanted}`) : undefined;
    },
  };
}

function layOut(
  macro: string,
  names: readonly string[],
  { specials, takesCaller }: CallPlan,
  { positional, named }: Arguments,
): Map<string, Value> {
  const rest = new Map(named);
  const values = new Map<string, Value>();
  for (const [i, name] of names.entries()) {
    const value = i < positional.length ? positional[i] : rest.get(name);
    if (value === undefined) continue;
    values.set(name, value);
    if (i >= positional.length) rest.delete(name);
  }
  if (takesCaller && names.includes('caller') && names.indexOf('caller') < positional.length) {
    return refuse('"caller" given by place');
  }
  if (specials.includes('caller')) {
    values.set('caller', rest.get('caller') ?? undefinedBecause('No caller defined'));
    rest.delete('caller');
  }
  if (specials.includes('kwargs')) values.set('kwargs', dictOf(rest));
  else if (rest.size > 0)
    return fail(`macro '${macro}' takes no keyword argument '${[...rest.keys()][0]}'`);
  if (specials.includes('varargs')) values.set('varargs', tuple(positional.slice(names.length)));
  else if (positional.length > names.length) {
    return fail(`macro '${macro}' takes not more than ${names.length} argument(s)`);
  }
  return values;
}
