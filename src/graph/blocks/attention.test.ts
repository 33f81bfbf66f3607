import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { floatsOf, floatTensor } from '../../contracts/session.ts';
import { createGraph, input } from '../graph.ts';
import { attend } from '../testing/attend.ts';
import { expectClose } from '../testing/expect-close.ts';
import { expectRefusal } from '../testing/expect-refusal.ts';
import { floats, numRuns, size } from '../testing/random.ts';
import { runnable } from '../testing/runnable.ts';
import { batchedAttention, flashAttention, fullAttention, queriesByKey } from './attention.ts';

const range = (count: number) => Array.from({ length: count }, (_, i) => i);
const vector = (data: Float32Array, start: number, d: number) => [
  ...data.subarray(start, start + d),
];

describe.each([
  { kvHeads: 1, group: 1, headDim: 4 },
  { kvHeads: 3, group: 1, headDim: 2 },
  { kvHeads: 2, group: 2, headDim: 6 },
  { kvHeads: 1, group: 4, headDim: 2 },
  { kvHeads: 2, group: 3, headDim: 8 },
])('batchedAttention, $kvHeads key heads for $group query heads each', async (sizes) => {
  const { kvHeads, group, headDim: d } = sizes;
  const heads = kvHeads * group;
  const { run, dispose } = await runnable((graph) => {
    const q = input(graph, 'q', 'float32', ['b', 'n', heads, d]);
    const k = input(graph, 'k', 'float32', ['b', 'n', kvHeads, d]);
    const v = input(graph, 'v', 'float32', ['b', 'n', kvHeads, d]);
    const bias = input(graph, 'bias', 'float32', ['n', 'n']);
    return { mixed: batchedAttention(q, k, v, bias, 'r') };
  });
  afterAll(dispose);

  /** b sequences of n rows, whose rows see their ancestors and themselves. */
  const problems = fc.tuple(size(3), size(6)).chain(([b, n]) =>
    fc.record({
      b: fc.constant(b),
      n: fc.constant(n),
      parents: fc.tuple(...range(n).map((i) => fc.integer({ min: -1, max: i - 1 }))),
      q: floats(b * n * heads * d),
      k: floats(b * n * kvHeads * d),
      v: floats(b * n * kvHeads * d),
    }),
  );

  it('is plain attention over the row’s own branch of its own sequence', async () => {
    const property = fc.asyncProperty(problems, async ({ b, n, parents, q, k, v }) => {
      const ancestors = (row: number): number[] =>
        row < 0 ? [] : [row, ...ancestors(parents[row] as number)];
      const sees = range(n).map((row) => {
        const own = ancestors(row);
        return (column: number) => own.includes(column);
      });
      const bias = Float32Array.from({ length: n * n }, (_, at) =>
        sees[Math.floor(at / n)]?.(at % n) ? 0 : Number.NEGATIVE_INFINITY,
      );
      const result = await run({
        q: floatTensor(q, [b, n, heads, d]),
        k: floatTensor(k, [b, n, kvHeads, d]),
        v: floatTensor(v, [b, n, kvHeads, d]),
        bias: floatTensor(bias, [n, n]),
      });
      const expected = range(b * n).flatMap((row) =>
        range(heads).flatMap((head) => {
          const h = Math.floor(head / group);
          const first = row - (row % n);
          const all = (data: Float32Array) =>
            range(n).map((j) => vector(data, ((first + j) * kvHeads + h) * d, d));
          const query = vector(q, (row * heads + head) * d, d);
          return attend(query, all(k), all(v), sees[row % n]);
        }),
      );
      expectClose(result, 'mixed', expected, 1e-4);
    });
    await fc.assert(property, { numRuns });
  });

  it('does not feel what is hidden, however large', async () => {
    const wave = (count: number, hidden: number) =>
      Float32Array.from({ length: count }, (_, i) => (i < count / 2 ? hidden : Math.sin(i)));
    const feeds = (hidden: number) => ({
      q: floatTensor(wave(2 * heads * d, 1), [1, 2, heads, d]),
      k: floatTensor(wave(2 * kvHeads * d, hidden), [1, 2, kvHeads, d]),
      v: floatTensor(wave(2 * kvHeads * d, hidden), [1, 2, kvHeads, d]),
      bias: floatTensor(Float32Array.of(0, -Infinity, -Infinity, 0), [2, 2]),
    });
    const second = async (hidden: number) =>
      floatsOf(await run(feeds(hidden)), 'mixed').slice(heads * d);
    expect(await second(1e20)).toEqual(await second(0));
  });
});

describe('queriesByKey', () => {
  it('refuses heads that are no multiple of the key/value heads', () => {
    const q = input(createGraph('g'), 'q', 'float32', ['b', 'n', 3, 4]);
    expectRefusal(() => queriesByKey(q, 2), '1.5');
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
            return attend(vector(q, place(i, row, head), d), all(k), all(v));
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
          return attend(of(q, row, head), all(k), all(v));
        }),
      );
      expectClose(result, 'y', expected, 1e-4);
    });
    await fc.assert(property, { numRuns: Math.ceil(numRuns / 6) });
  });
});
