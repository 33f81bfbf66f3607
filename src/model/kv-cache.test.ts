import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CacheRows } from '../contracts/target.ts';
import { type CacheShape, createKvCache, joinCaches, type KvCache } from './kv-cache.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);

/** What a list keeps of a row: every number tells where it belongs. */
interface Row {
  readonly keys: readonly number[]; // [layers, kvHeads, headDim]
  readonly values: readonly number[]; // [layers, kvHeads, headDim]
}

const shapes: fc.Arbitrary<CacheShape> = fc.record({
  layers: fc.integer({ min: 1, max: 3 }),
  kvHeads: fc.integer({ min: 1, max: 3 }),
  headDim: fc.constantFrom(2, 4),
});

interface Append {
  readonly kind: 'append';
  /** Rows of the pass, the step's first among them, and the picked ones counted from it. */
  readonly count: number;
  readonly first: number;
  readonly which: readonly number[];
}
type Action = Append | { readonly kind: 'truncate'; readonly share: number };

/** Mostly a few picked rows, now and then a chunk of a prompt, so that capacity grows. */
const appends: fc.Arbitrary<Append> = fc
  .record({ count: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 200 })) })
  .chain(({ count }) => fc.record({ count: fc.constant(count), first: fc.nat(count - 1) }))
  .chain(({ count, first }) => {
    const rows = range(count - first);
    return fc.record({
      kind: fc.constant('append' as const),
      count: fc.constant(count),
      first: fc.constant(first),
      which: fc.oneof(fc.constant(rows), fc.shuffledSubarray(rows), fc.subarray(rows)),
    });
  });
const truncations = fc.record({
  kind: fc.constant('truncate' as const),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
});
const actions: fc.Arbitrary<Action[]> = fc.array(
  fc.oneof({ weight: 3, arbitrary: appends }, { weight: 1, arbitrary: truncations }),
  { maxLength: 8 },
);

const sizeOf = ({ layers, kvHeads, headDim }: CacheShape): number => layers * kvHeads * headDim;
const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** The rows as a pass gives them: keys [layers, kvHeads, headDim, count], values [layers, kvHeads, count, headDim] */
function packed(rows: readonly Row[], shape: CacheShape): Pick<CacheRows, 'keys' | 'values'> {
  const lines = range(sizeOf(shape));
  const heads = lines.filter((line) => line % shape.headDim === 0);
  const keys = lines.flatMap((line) => rows.map((row) => row.keys[line] as number));
  const values = heads.flatMap((head) =>
    rows.flatMap((row) => row.values.slice(head, head + shape.headDim)),
  );
  return { keys: Float32Array.from(keys), values: Float32Array.from(values) };
}

/** Plays the actions on a cache and on a plain list of rows. */
function played(shape: CacheShape, todo: readonly Action[]): { cache: KvCache; list: Row[] } {
  const cache = createKvCache(shape);
  let list: Row[] = [];
  let serial = 0;
  const numbers = () =>
    range(sizeOf(shape)).map(() => {
      serial += 1;
      return serial;
    });
  for (const action of todo) {
    if (action.kind === 'truncate') {
      const length = Math.floor(action.share * list.length);
      cache.truncate(length);
      list = list.slice(0, length);
      continue;
    }
    const { count, first, which } = action;
    const rows = range(count).map((): Row => ({ keys: numbers(), values: numbers() }));
    cache.append({ ...packed(rows, shape), count, first }, Int32Array.from(which));
    list.push(...which.map((row) => rows[first + row] as Row));
  }
  return { cache, list };
}

/** The columns from `start` on, read as a graph reads them. */
function readBack(
  { capacity, layers }: Pick<KvCache, 'capacity' | 'layers'>,
  start: number,
  length: number,
  { kvHeads, headDim }: CacheShape,
): Row[] {
  const places = range(kvHeads * headDim);
  return range(length).map((index) => {
    const column = start + index;
    return {
      keys: layers.flatMap(({ keys }) => {
        expect(keys.shape).toEqual([kvHeads, headDim, capacity]);
        return places.map((line) => keys.data[line * capacity + column] as number);
      }),
      values: layers.flatMap(({ values }) => {
        expect(values.shape).toEqual([kvHeads, capacity, headDim]);
        return places.map((place) => {
          const [head, i] = [Math.floor(place / headDim), place % headDim];
          return values.data[(head * capacity + column) * headDim + i] as number;
        });
      }),
    };
  });
}

describe('createKvCache', () => {
  it('holds what a list of rows holds, whatever is appended and truncated', () => {
    fc.assert(
      fc.property(shapes, actions, (shape, todo) => {
        const { cache, list } = played(shape, todo);
        expect(cache.length).toBe(list.length);
        expect(readBack(cache, 0, cache.length, shape)).toEqual(list);
      }),
      { numRuns: Math.ceil(numRuns / 3) },
    );
  });

  it('keeps its tensors until it must grow, so that a session need not bind them anew', () => {
    const shape = { layers: 2, kvHeads: 1, headDim: 2 };
    const { cache } = played(shape, [{ kind: 'append', count: 5, first: 0, which: [0, 1, 2] }]);
    const before = cache.layers;
    const rows = { keys: new Float32Array(8), values: new Float32Array(8), count: 2, first: 0 };
    while (cache.length < cache.capacity) cache.append(rows, Int32Array.of(0));
    expect(cache.layers).toBe(before);
    cache.append(rows, Int32Array.of(1));
    expect(cache.layers).not.toBe(before);
  });

  it('refuses to truncate to more rows than it holds', () => {
    const { cache } = played({ layers: 1, kvHeads: 1, headDim: 2 }, []);
    expect(() => cache.truncate(1)).toThrow(RangeError);
    expect(() => cache.truncate(-1)).toThrow(RangeError);
  });
});

describe('joinCaches', () => {
  it('lays the committed columns of several caches side by side', () => {
    fc.assert(
      fc.property(
        shapes,
        fc.array(actions, { minLength: 1, maxLength: 3 }),
        (shape, playedTogether) => {
          const all = playedTogether.map((todo) => played(shape, todo));
          const joined = joinCaches(
            all.map(({ cache }) => cache),
            shape,
          );
          for (const [index, { cache, list }] of all.entries()) {
            const start = joined.starts[index] as number;
            expect(readBack(joined, start, cache.length, shape)).toEqual(list);
          }
        },
      ),
      { numRuns: Math.ceil(numRuns / 6) },
    );
  });

  it('reads a single cache where it lies', () => {
    const shape = { layers: 1, kvHeads: 1, headDim: 2 };
    const cache = createKvCache(shape);
    expect(joinCaches([cache], shape).layers).toBe(cache.layers);
  });
});
