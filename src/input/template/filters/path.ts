/** The `attribute` of filters: a name or number, or several with dots between. */
import { item } from '../access.ts';
import { lower } from '../case.ts';
import { is, type Value } from '../values.ts';

/** What the path leads to, from a value; `otherwise` in place of what is not there. */
export function follow(path: Value, otherwise: Value = null): (from: Value) => Value {
  const steps = stepsOf(path);
  return (from) =>
    steps.reduce<Value>((value, step) => {
      const found = item(value, step);
      return otherwise !== null && is(found, 'undefined') ? otherwise : found;
    }, from);
}

function stepsOf(path: Value): Value[] {
  if (path === null) return [];
  if (typeof path !== 'string') return [path];
  return path.split('.').map((step) => (/^\d+$/.test(step) ? BigInt(step) : step));
}

/** Several paths with commas between. */
export function followAll(paths: Value): (from: Value) => Value[] {
  const each = (typeof paths === 'string' ? paths.split(',') : [paths]).map((path) => follow(path));
  return (from) => each.map((path) => path(from));
}

/** Texts in lower case, others as they are. */
export function ignoreCase(value: Value): Value {
  return typeof value === 'string' ? lower(value) : value;
}
