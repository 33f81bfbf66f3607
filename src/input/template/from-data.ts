/** Data of JavaScript, as JSON could hold it, becomes values. */

import { keyOf } from './keys.ts';
import { refuse } from './refuse.ts';
import type { Dict, Value } from './values.ts';

/** Whole numbers become ints; fields that are undefined are left out. */
export function fromData(data: unknown): Value {
  if (data === null || typeof data === 'boolean' || typeof data === 'string') return data;
  if (typeof data === 'bigint') return data;
  if (typeof data === 'number') return Number.isInteger(data) ? BigInt(data) : data;
  if (Array.isArray(data)) return data.map(fromData);
  if (typeof data === 'object') {
    return dictOf(
      Object.entries(data)
        .filter(([, value]) => value !== undefined)
        .map(([key, value]) => [key, fromData(value)]),
    );
  }
  return refuse(`a ${typeof data} among the data`);
}

/** Of several equal keys the first keeps its place and the last its value, as in Python. */
export function dictOf(pairs: Iterable<readonly [key: Value, value: Value]>): Dict {
  const entries = new Map<unknown, readonly [Value, Value]>();
  for (const [key, value] of pairs) {
    const place = keyOf(key);
    entries.set(place, [entries.get(place)?.[0] ?? key, value]);
  }
  return { kind: 'dict', entries };
}
