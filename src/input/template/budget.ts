/** What a rendering may cost, so that a template without end is refused in seconds. */
import { rangeLength } from './iterate.ts';
import { refuse } from './refuse.ts';
import { is, isList, type Value } from './values.ts';

const MAX_STEPS = 10_000_000;
const LARGEST = 2n ** 16_384n;
const LONGEST = 16_000_000;
/** Macros and recursive loops inside each other. */
const MAX_CALLS = 150;

export interface Budget {
  spend(steps: number): void;
  /** Spends what going through the whole value costs. */
  spendOn(value: Value): void;
  /** Fails for values that grew too large; gives back the others. */
  bounded<V extends Value>(value: V): V;
  nest<T>(call: () => T): T;
}

export function createBudget(): Budget {
  let left = MAX_STEPS;
  let calls = 0;
  const weights = new WeakMap<object, number>();

  const spend = (steps: number) => {
    left -= steps;
    if (left < 0) refuse(`more than ${MAX_STEPS} steps`);
  };
  const weigh = (value: Value): number => {
    if (typeof value === 'string') return value.length >> 3;
    if (value === null || typeof value !== 'object') return 1;
    if (is(value, 'range')) return Number(rangeLength(value));
    const known = weights.get(value);
    if (known !== undefined) return known;
    const weight = partsOf(value).reduce<number>((sum, part) => sum + 1 + weigh(part), 1);
    weights.set(value, weight);
    return weight;
  };
  return {
    spend,
    spendOn: (value) => spend(weigh(value)),
    bounded(value) {
      const size = typeof value === 'string' || isList(value) ? value.length : 0;
      if (typeof value === 'bigint' && (value > LARGEST || value < -LARGEST)) {
        return refuse('an int of more than 16384 bits');
      }
      return size > LONGEST ? refuse('a text or list of more than 16 million') : value;
    },
    nest(call) {
      if (calls === MAX_CALLS) return refuse(`more than ${MAX_CALLS} macros inside each other`);
      calls++;
      try {
        return call();
      } finally {
        calls--;
      }
    },
  };
}

function partsOf(
  value: Exclude<Value, null | boolean | bigint | number | string>,
): readonly Value[] {
  if (isList(value)) return value;
  if (is(value, 'tuple')) return value.items;
  if (is(value, 'dict')) return [...value.entries.values()].flat();
  if (is(value, 'view')) return [value.dict];
  return [];
}
