import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { floatTensor, type Tensor } from '../../contracts/session.ts';
import { createGraph, input } from '../graph.ts';
import { expectClose } from '../testing/expect-close.ts';
import { expectRefusal } from '../testing/expect-refusal.ts';
import { numRuns, size } from '../testing/random.ts';
import { runnable } from '../testing/runnable.ts';
import { argmaxLast, logSoftmax, meanLast, softmax, topk } from './reduce.ts';

/** Rows [n, m] of the given numbers. */
const rowsOf = (number: fc.Arbitrary<number>) =>
  fc
    .tuple(size(4), size(9))
    .chain(([n, m]) => fc.array(row(number, m), { minLength: n, maxLength: n }));
const row = (number: fc.Arbitrary<number>, m: number) =>
  fc.array(number, { minLength: m, maxLength: m });
const logit = fc.float({ min: -30, max: 30, noNaN: true });
/** Few enough numbers that most rows hold ties. */
const tied = fc.constantFrom(-1, 0, 1, 2, Number.NEGATIVE_INFINITY);

const tensorOf = (rows: readonly number[][]): Tensor =>
  floatTensor(Float32Array.from(rows.flat()), [rows.length, (rows[0] as number[]).length]);

describe('softmax, logSoftmax, meanLast', async () => {
  const { run, dispose } = await runnable((graph) => {
    const x = input(graph, 'x', 'float32', ['n', 'm']);
    return { softmax: softmax(x), logSoftmax: logSoftmax(x), mean: meanLast(x) };
  });
  afterAll(dispose);

  /** log Σ exp(x) of a row */
  const logSum = (x: readonly number[]) => {
    const largest = Math.max(...x);
    return largest + Math.log(x.reduce((sum, number) => sum + Math.exp(number - largest), 0));
  };

  it('agree with double precision', async () => {
    const property = fc.asyncProperty(rowsOf(logit), async (rows) => {
      const result = await run({ x: tensorOf(rows) });
      const logs = rows.map((x) => x.map((number) => number - logSum(x)));
      expectClose(result, 'logSoftmax', logs.flat());
      expectClose(result, 'softmax', logs.flat().map(Math.exp));
      const means = rows.map((x) => x.reduce((sum, number) => sum + number, 0) / x.length);
      expectClose(result, 'mean', means);
    });
    await fc.assert(property, { numRuns });
  });

  it('softmax neither overflows nor lets through what is hidden', async () => {
    const hidden = Number.NEGATIVE_INFINITY;
    const result = await run({ x: tensorOf([[1e30, hidden, 1e30, hidden]]) });
    expect(result.softmax?.data).toEqual(Float32Array.of(0.5, 0, 0.5, 0));
  });
});

describe('argmaxLast and topk', async () => {
  const { run, dispose } = await runnable((graph) => {
    const x = input(graph, 'x', 'float32', ['n', 'm']);
    const best = topk(x, input(graph, 'k', 'int64', [1]), 'k');
    return { argmax: argmaxLast(x), values: best.values, indices: best.indices };
  });
  afterAll(dispose);

  /** Best first, the lowest index first among equals. */
  const ranked = (x: readonly number[]) =>
    x
      .map((number, index) => ({ number, index }))
      .sort((a, b) => (a.number === b.number ? a.index - b.index : b.number - a.number));

  it.each([
    ['different numbers', logit],
    ['ties: the lowest index first', tied],
  ])('rank %s', async (_, number) => {
    const problems = rowsOf(number).chain((rows) =>
      fc.tuple(fc.constant(rows), fc.integer({ min: 1, max: (rows[0] as number[]).length })),
    );
    const property = fc.asyncProperty(problems, async ([rows, k]) => {
      const feeds = { x: tensorOf(rows), k: kTensor(k) };
      const { argmax, values, indices } = await run(feeds);
      const best = rows.map((x) => ranked(x).slice(0, k));
      expect(Array.from(values?.data ?? [], Number)).toEqual(best.flat().map((b) => b.number));
      expect(Array.from(indices?.data ?? [], Number)).toEqual(best.flat().map((b) => b.index));
      expect(Array.from(argmax?.data ?? [], Number)).toEqual(best.map(([b]) => b?.index));
    });
    await fc.assert(property, { numRuns });
  });

  it('break ties alike in a row as wide as a vocabulary', async () => {
    const wide = Array.from({ length: 32_000 }, (_, i) => (i * 7919) % 13);
    const { argmax, indices } = await run({ x: tensorOf([wide]), k: kTensor(40) });
    const expected = ranked(wide).slice(0, 40);
    expect(Array.from(indices?.data ?? [], Number)).toEqual(expected.map(({ index }) => index));
    expect(argmax?.data).toEqual(BigInt64Array.of(BigInt(expected[0]?.index ?? -1)));
  });
});

const kTensor = (k: number): Tensor => ({
  dtype: 'int64',
  shape: [1],
  data: BigInt64Array.of(BigInt(k)),
});

it('topk refuses a k that is no single int64', () => {
  const graph = createGraph('g');
  const x = input(graph, 'x', 'float32', ['n', 8]);
  const wrong = [
    input(graph, 'typed', 'int32', [1]),
    input(graph, 'pair', 'int64', [2]),
    input(graph, 'bare', 'int64', []),
    input(graph, 'named', 'int64', ['n']),
  ];
  for (const k of wrong) {
    expectRefusal(() => topk(x, k, 'k'), 'TopK', '[n, 8]', k.dtype, `[${k.shape.join(', ')}]`);
  }
});

it.each([
  ['softmax', softmax],
  ['logSoftmax', logSoftmax],
  ['argmaxLast', argmaxLast],
  ['meanLast', meanLast],
])('%s refuses a single number, which has no last axis', (_, of) => {
  expectRefusal(() => of(input(createGraph('g'), 'x', 'float32', [])), '[]');
});
