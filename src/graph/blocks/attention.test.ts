import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { floatsOf, floatTensor } from '../../contracts/session.ts';
import { createGraph, input } from '../graph.ts';
import { expectClose } from '../testing/expect-close.ts';
import { expectRefusal } from '../testing/expect-refusal.ts';
import { floats, numRuns, size } from '../testing/random.ts';
import { runnable } from '../testing/runnable.ts';
import { cachedAttention, flashAttention, fullAttention, visibility } from './attention.ts';

/** softmax(q · k / √d) over the visible columns, then their values' mean. Double precision. */
function attend(
  query: readonly number[],
  keys: readonly (readonly number[])[],
  values: readonly (readonly number[])[],
  sees: (column: number) => boolean,
): number[] {
  const scores = keys.map((key, column) =>
    sees(column)
      ? key.reduce((sum, x, i) => sum + x * (query[i] as number), 0) / Math.sqrt(key.length)
      : Number.NEGATIVE_INFINITY,
  );
  const largest = Math.max(...scores);
  const weights = scores.map((score) => Math.exp(score - largest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return query.map((_, i) =>
    weights.reduce((sum, w, column) => sum + (w / total) * (values[column]?.[i] as number), 0),
  );
}

const range = (count: number) => Array.from({ length: count }, (_, i) => i);
/** d numbers, `stride` apart. */
const vector = (data: Float32Array, start: number, d: number, stride = 1) =>
  range(d).map((i) => data[start + i * stride] as number);

describe.each([
  { kvHeads: 1, group: 1, headDim: 4 },
  { kvHeads: 3, group: 1, headDim: 2 },
  { kvHeads: 2, group: 2, headDim: 6 },
  { kvHeads: 1, group: 4, headDim: 2 },
  { kvHeads: 2, group: 3, headDim: 8 },
])('cachedAttention, $kvHeads key heads for $group query heads each', async (sizes) => {
  const { kvHeads, group, headDim: d } = sizes;
  const heads = kvHeads * group;
  const { run, dispose } = await runnable((graph) => {
    const q = input(graph, 'q', 'float32', ['n', heads, d]);
    const k = input(graph, 'k', 'float32', ['n', kvHeads, d]);
    const v = input(graph, 'v', 'float32', ['n', kvHeads, d]);
    const past = {
      keys: input(graph, 'pastKeys', 'float32', [kvHeads, d, 'c']),
      values: input(graph, 'pastValues', 'float32', [kvHeads, 'c', d]),
    };
    const bias = input(graph, 'bias', 'float32', ['n', 'c+n']);
    const { mixed, keys, values } = cachedAttention(
      ...([q, k, v, past] as const),
      visibility(bias, past, group),
    );
    return { mixed, keys, values };
  });
  afterAll(dispose);

  /** A tree of n rows after the first `length` of c cached columns. */
  const problems = fc.tuple(size(6), fc.nat(5), fc.nat(5)).chain(([n, length, unused]) =>
    fc.record({
      n: fc.constant(n),
      length: fc.constant(length),
      c: fc.constant(length + unused),
      parents: fc.tuple(...range(n).map((i) => fc.integer({ min: -1, max: i - 1 }))),
      q: floats(n * heads * d),
      k: floats(n * kvHeads * d),
      v: floats(n * kvHeads * d),
      pastKeys: floats(kvHeads * d * (length + unused)),
      pastValues: floats(kvHeads * d * (length + unused)),
    }),
  );

  const property = fc.asyncProperty(problems, async ({ n, length, c, parents, ...data }) => {
    const { q, k, v, pastKeys, pastValues } = data;
    const ancestors = (row: number): number[] =>
      row < 0 ? [] : [row, ...ancestors(parents[row] as number)];
    const sees = range(n).map((row) => {
      const own = ancestors(row);
      return (column: number) => (column < c ? column < length : own.includes(column - c));
    });
    const bias = Float32Array.from({ length: n * (c + n) }, (_, at) =>
      sees[Math.floor(at / (c + n))]?.(at % (c + n)) ? 0 : Number.NEGATIVE_INFINITY,
    );
    const result = await run({
      q: floatTensor(q, [n, heads, d]),
      k: floatTensor(k, [n, kvHeads, d]),
      v: floatTensor(v, [n, kvHeads, d]),
      pastKeys: floatTensor(pastKeys, [kvHeads, d, c]),
      pastValues: floatTensor(pastValues, [kvHeads, c, d]),
      bias: floatTensor(bias, [n, c + n]),
    });

    const keysOf = (h: number) => [
      ...range(c).map((j) => vector(pastKeys, h * d * c + j, d, c)),
      ...range(n).map((j) => vector(k, (j * kvHeads + h) * d, d)),
    ];
    const valuesOf = (h: number) => [
      ...range(c).map((j) => vector(pastValues, (h * c + j) * d, d)),
      ...range(n).map((j) => vector(v, (j * kvHeads + h) * d, d)),
    ];
    const mixed = range(n).flatMap((row) =>
      range(heads).flatMap((head) => {
        const h = Math.floor(head / group);
        const query = vector(q, (row * heads + head) * d, d);
        return attend(query, keysOf(h), valuesOf(h), sees[row] as (column: number) => boolean);
      }),
    );
    expectClose(result, 'mixed', mixed, 1e-4);

    const [keys, values] = [floatsOf(result, 'keys'), floatsOf(result, 'values')];
    for (const [row, h] of range(n).flatMap((i) => range(kvHeads).map((j) => [i, j] as const))) {
      const at = (row * kvHeads + h) * d;
      expect(vector(keys, h * d * n + row, d, n), 'keys of a row').toEqual(vector(k, at, d));
      expect(vector(values, (h * n + row) * d, d), 'values of a row').toEqual(vector(v, at, d));
    }
  });

  it('is plain attention over the cache and the row’s own branch', async () => {
    await fc.assert(property, { numRuns });
  });

  it('does not feel what is hidden, however large', async () => {
    const n = 2;
    const tensor = (count: number, shape: number[], of = (i: number) => Math.sin(i)) =>
      floatTensor(
        Float32Array.from({ length: count }, (_, i) => of(i)),
        shape,
      );
    const feeds = (cached: number) => ({
      q: tensor(n * heads * d, [n, heads, d]),
      k: tensor(n * kvHeads * d, [n, kvHeads, d]),
      v: tensor(n * kvHeads * d, [n, kvHeads, d]),
      pastKeys: tensor(kvHeads * d * 3, [kvHeads, d, 3], () => cached),
      pastValues: tensor(kvHeads * d * 3, [kvHeads, 3, d], () => cached),
      bias: tensor(n * 5, [n, 5], (i) => (i % 5 < 3 ? Number.NEGATIVE_INFINITY : 0)),
    });
    const [zero, huge] = [await run(feeds(0)), await run(feeds(1e20))];
    expect(huge.mixed).toEqual(zero.mixed);
  });
});

describe('what does not fit', () => {
  const parts = (heads: number, kvHeads: number, valueDim = 4) => {
    const graph = createGraph('g');
    const past = {
      keys: input(graph, 'pastKeys', 'float32', [kvHeads, 4, 'c']),
      values: input(graph, 'pastValues', 'float32', [kvHeads, 'c', valueDim]),
    };
    const bias = input(graph, 'bias', 'float32', ['n', 'c+n']);
    const q = input(graph, 'q', 'float32', ['n', heads, 4]);
    const k = input(graph, 'k', 'float32', ['n', kvHeads, 4]);
    return { graph, past, bias, q, k };
  };

  it('heads that are no multiple of the key/value heads', () => {
    const { q, k, past, bias } = parts(3, 2);
    expectRefusal(() => visibility(bias, past, 3 / 2), '1.5');
    expectRefusal(() => cachedAttention(q, k, k, past, visibility(bias, past, 1)), '1.5');
  });

  it('a bias that was made for another grouping', () => {
    const { q, k, past, bias } = parts(4, 2);
    const visible = visibility(bias, past, 1);
    expectRefusal(() => cachedAttention(q, k, k, past, visible), '[2, n+n, c+n]', '[n, c+n]');
  });

  it('a cache of another width', () => {
    const { q, k, past, bias } = parts(2, 2, 5);
    const visible = visibility(bias, past, 1);
    expectRefusal(() => cachedAttention(q, k, k, past, visible), '[2, n, 5]', '[2, n, 4]');
  });
});

describe('fullAttention', async () => {
  const [t, heads, d] = [5, 2, 3];
  const { run, dispose } = await runnable((graph) => {
    const part = (name: string) => input(graph, name, 'float32', ['b', t, heads, d]);
    return { y: fullAttention(part('q'), part('k'), part('v')) };
  });
  afterAll(dispose);

  it('is plain attention over all rows of a picture, and over no other picture', async () => {
    const problems = size(3).chain((b) => {
      const part = floats(b * t * heads * d);
      return fc.tuple(fc.constant(b), part, part, part);
    });
    const property = fc.asyncProperty(problems, async ([b, q, k, v]) => {
      const shape = [b, t, heads, d];
      const result = await run({
        q: floatTensor(q, shape),
        k: floatTensor(k, shape),
        v: floatTensor(v, shape),
      });
      const place = (i: number, row: number, head: number) => ((i * t + row) * heads + head) * d;
      const expected = range(b).flatMap((i) =>
        range(t).flatMap((row) =>
          range(heads).flatMap((head) => {
            const all = (data: Float32Array) =>
              range(t).map((other) => vector(data, place(i, other, head), d));
            return attend(vector(q, place(i, row, head), d), all(k), all(v), () => true);
          }),
        ),
      );
      expectClose(result, 'y', expected, 1e-4);
    });
    await fc.assert(property, { numRuns });
  });
});

describe('flashAttention', async () => {
  const [heads, d] = [3, 4];
  const { run, dispose } = await runnable((graph) => {
    const part = (name: string) => input(graph, name, 'float32', ['t', heads, d]);
    return { y: flashAttention(part('q'), part('k'), part('v')) };
  });
  afterAll(dispose);

  it('is plain attention over all rows', async () => {
    const problems = fc.integer({ min: 1, max: 90 }).chain((t) => {
      const part = floats(t * heads * d);
      return fc.tuple(fc.constant(t), part, part, part);
    });
    const property = fc.asyncProperty(problems, async ([t, q, k, v]) => {
      const shape = [t, heads, d];
      const result = await run({
        q: floatTensor(q, shape),
        k: floatTensor(k, shape),
        v: floatTensor(v, shape),
      });
      const of = (data: Float32Array, row: number, head: number) =>
        vector(data, (row * heads + head) * d, d);
      const expected = range(t).flatMap((row) =>
        range(heads).flatMap((head) => {
          const all = (data: Float32Array) => range(t).map((other) => of(data, other, head));
          return attend(of(q, row, head), all(k), all(v), () => true);
        }),
      );
      expectClose(result, 'y', expected, 1e-4);
    });
    await fc.assert(property, { numRuns: Math.ceil(numRuns / 6) });
  });
});
