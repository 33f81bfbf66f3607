import { fail } from './failure.ts';
import { refuse } from './refuse.ts';
import { isList, typeName, type Value } from './values.ts';

/** The same for values that are one key to Python: 1, 1.0 and true are. */
export function keyOf(value: Value): unknown {
  if (value === null) return value;
  switch (typeof value) {
    case 'string':
      return `s${value}`;
    case 'boolean':
      return value ? 'n1' : 'n0';
    case 'bigint':
      return `n${value}`;
    case 'number':
      return Number.isInteger(value) ? `n${BigInt(value)}` : value;
    default:
  }
  if (isList(value) || value.kind === 'dict') return fail(`unhashable type: '${typeName(value)}'`);
  if (value.kind === 'tuple') return `t(${value.items.map(inTuple).join()})`;
  if (value.kind === 'markup') return `s${value.text}`;
  return value.kind === 'undefined' ? undefined : value;
}

function inTuple(value: Value): string {
  const key = keyOf(value);
  if (typeof key === 'string') return JSON.stringify(key);
  if (key === null || typeof key === 'number') return String(key);
  return refuse(`a tuple that holds ${typeName(value)} as a key`);
}
