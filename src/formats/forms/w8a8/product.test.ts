import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TensorRef } from '../../../contracts/checkpoint.ts';
import { floatsOf, floatTensor, intTensor } from '../../../contracts/session.ts';
import { chosenLinear, linear, linears } from '../../../graph/blocks/linear.ts';
import { createGraph, input, output } from '../../../graph/graph.ts';
import { expectRefusal } from '../../../graph/testing/expect-refusal.ts';
import { kernelsOf } from '../../../graph/testing/kernels.ts';
import { floats, numRuns, size } from '../../../graph/testing/random.ts';
import { type Runnable, runnable } from '../../../graph/testing/runnable.ts';
import { f32, stored } from '../../../graph/testing/stored.ts';
import { converted, type Kept, LAYOUTS } from './testing/converted.ts';

/** No multiple of 4, so that rows begin at any place. */
const IN = 45;
const wave = (rows: number, phase: number) =>
  f32(
    [rows, IN],
    Float32Array.from({ length: rows * IN }, (_, i) => Math.sin(i * 1.7 + phase)),
  );

/** a and b are one product, c another. */
interface Matrices {
  readonly a: TensorRef;
  readonly b: TensorRef;
  readonly c: TensorRef;
  readonly bias: TensorRef;
}

async function matricesIn(kept?: Kept): Promise<Matrices> {
  const { a, b, c, bias } = await stored({
    ...{ a: wave(100, 0), b: wave(30, 1), c: wave(64, 2) },
    bias: f32([64], new Float32Array(64).fill(3)),
  });
  const [[inA, inB] = [], [inC] = []] = await converted(
    [{ matrices: [a, b] }, { matrices: [c] }],
    kept,
  );
  return { a: inA ?? a, b: inB ?? b, c: inC ?? c, bias };
}

/** Outputs, by their widths. */
const WIDTHS = { left: 90, right: 40, biased: 64, chosen: 3 } as const;
const OUTPUTS = Object.entries(WIDTHS);

const open = ({ a, b, c, bias }: Matrices): Promise<Runnable> =>
  runnable((graph) => {
    const x = input(graph, 'x', 'float32', ['n', IN]);
    const ids = input(graph, 'ids', 'int32', ['m']);
    const [left, right] = linears(x, [{ weight: a }, { weight: b }], [WIDTHS.left, WIDTHS.right]);
    if (!left || !right) throw new Error('a part is missing');
    const biased = linear(x, { weight: c, bias });
    return { left, right, biased, chosen: chosenLinear(x, c, ids) };
  });

const ids = intTensor(Int32Array.of(5, 63, 0));
const rows = size(6).chain((n) => fc.tuple(fc.constant(n), floats(n * IN)));

describe.each(LAYOUTS)('a product with %s in 8 bits', (_, kept) => {
  it('is near the one in fp32: within what rounding both sides to 8 bits may cost', async () => {
    const refs = await matricesIn(kept);
    const plain = ({ form: _, ...stored }: TensorRef): TensorRef => stored;
    const [packed, whole] = [
      await open(refs),
      await open({ ...refs, a: plain(refs.a), b: plain(refs.b), c: plain(refs.c) }),
    ];
    const property = fc.asyncProperty(rows, async ([n, data]) => {
      const x = floatTensor(data, [n, IN]);
      const [got, want] = [await packed.run({ x, ids }), await whole.run({ x, ids })];
      for (let row = 0; row < n; row++) {
        const largest = Math.max(...data.subarray(row * IN, (row + 1) * IN).map(Math.abs));
        // Weights lie within ±1: half a step of each side in every term.
        const bound = IN * largest * (1 / 127) * 1.01 + 1e-6;
        for (const [name, width] of OUTPUTS) {
          const [a, b] = [got, want].map((result) =>
            floatsOf(result, name).subarray(row * width, (row + 1) * width),
          ) as [Float32Array, Float32Array];
          const off = Math.max(...a.map((value, i) => Math.abs(value - (b[i] as number))));
          expect(off, name).toBeLessThanOrEqual(bound);
        }
      }
    });
    await fc.assert(property, { numRuns });
    await Promise.all([packed.dispose(), whole.dispose()]);
  });

  it('gives a row the same bits alone and in any company, up to a chunk of a prompt', async () => {
    const { run, dispose } = await open(await matricesIn(kept));
    const wide = fc
      .tuple(fc.constantFrom(2, 3, 7, 8, 17, 64, 512), fc.nat(), floats(IN), fc.nat())
      .map(([n, at, row, seed]) => ({ n, at: at % n, row, seed }));
    const property = fc.asyncProperty(wide, async ({ n, at, row, seed }) => {
      const [alone, pair, company] = [1, 2, n].map((count) => new Float32Array(count * IN));
      for (const [i] of (company as Float32Array).entries()) {
        (company as Float32Array)[i] = Math.sin(seed + i) * 10 ** (i % 5);
      }
      alone?.set(row);
      pair?.set(row);
      company?.set(row, at * IN);
      const run1 = (data: Float32Array | undefined, count: number) =>
        run({ x: floatTensor(data as Float32Array, [count, IN]), ids });
      const among = await run1(company, n);
      for (const few of [await run1(alone, 1), await run1(pair, 2)]) {
        for (const [name, width] of OUTPUTS) {
          const there = floatsOf(among, name).subarray(at * width, (at + 1) * width);
          expect(floatsOf(few, name).subarray(0, width), name).toEqual(there);
        }
      }
    });
    await fc.assert(property, { numRuns });
    await dispose();
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'shows %f of a row in all of its numbers, wherever it stands, and in no other row',
    async (bad) => {
      const { run, dispose } = await open(await matricesIn(kept));
      for (let place = 0; place < IN; place++) {
        const data = Float32Array.from({ length: 3 * IN }, (_, i) => Math.cos(i));
        data[IN + place] = bad;
        const result = await run({ x: floatTensor(data, [3, IN]), ids });
        for (const [name, width] of OUTPUTS) {
          const finite = Array.from(floatsOf(result, name), Number.isFinite);
          const want = finite.map((_, i) => i < width || i >= 2 * width);
          expect(finite, `${name}, place ${place}`).toEqual(want);
        }
      }
      await dispose();
    },
  );

  it('is of zeros where a row is zeros', async () => {
    const { run, dispose } = await open(await matricesIn(kept));
    const result = await run({ x: floatTensor(new Float32Array(2 * IN), [2, IN]), ids });
    expect(floatsOf(result, 'left')).toEqual(new Float32Array(2 * WIDTHS.left));
    await dispose();
  });

  it('refuses matrices that do not lie side by side, and some that are not converted', async () => {
    const refs = await matricesIn(kept);
    const x = input(createGraph('g'), 'x', 'float32', ['n', IN]);
    const together = (...parts: TensorRef[]) =>
      linears(
        x,
        parts.map((weight) => ({ weight })),
        [1],
      );
    const { form: _, ...plain } = refs.b;
    for (const wrong of [[refs.b, refs.a], [refs.a], [refs.a, refs.c]]) {
      expectRefusal(() => together(...wrong), 'side by side');
    }
    expectRefusal(() => together(refs.a, plain), 'not in one form');
  });
});

describe('when it runs', () => {
  it.each([
    ['as they come', undefined, ['Reshape', 'MatMul', 'Reshape']],
    ['that were written turned', 96, []],
  ] as const)('takes rows %s by as few operators as it can', async (_, reads, turning) => {
    const { a } = await stored({ a: f32([64, 96], new Float32Array(64 * 96).fill(1)) });
    const [[packed = a] = []] = await converted([{ matrices: [a], reads }]);
    const graph = createGraph('g');
    output('y', linear(input(graph, 'x', 'float32', ['n', 96]), { weight: packed }));
    const kernels = await kernelsOf(graph);
    expect(kernels.sort()).toEqual([...turning, ...ROUNDING, ...PRODUCT].sort());
  });

  /** By a product among the blocks, which are single channels here. */
  const TURNING = ['Reshape', 'MatMul', 'Reshape'];
  const ROUNDING = ['SimplifiedLayerNormalization', 'QuantizeLinear'];
  const PRODUCT = ['MatMulIntegerToFloat', 'Div'];

  it.each([
    ['one panel', undefined, []],
    ['panels of 64 columns', { copiedAtMost: 0 }, ['Transpose', 'Reshape', 'Slice']],
  ] as const)('%s is read as it lies: nothing is joined or transposed', async (_, kept, more) => {
    const { a, b } = await matricesIn(kept);
    const graph = createGraph('g');
    const x = input(graph, 'x', 'float32', ['n', IN]);
    const [y] = linears(x, [{ weight: a }, { weight: b }], [130]);
    if (y) output('y', y);
    const kernels = (await kernelsOf(graph)).filter((name) => name !== 'Split');
    expect(kernels.sort()).toEqual([...TURNING, ...ROUNDING, ...PRODUCT, ...more].sort());
  });
});

it('is the same by one panel and by many, of signed numbers and of unsigned', async () => {
  const x = floatTensor(
    Float32Array.from({ length: 8 * IN }, (_, i) => Math.tan(i)),
    [8, IN],
  );
  const results: Float32Array[] = [];
  for (const [, kept] of LAYOUTS) {
    const { run, dispose } = await open(await matricesIn(kept));
    results.push(floatsOf(await run({ x, ids }), 'left'));
    await dispose();
  }
  for (const other of results.slice(1)) expect(other).toEqual(results[0]);
});

it('by the way of a space that two products hold turned is what it is without it', async () => {
  const [into, between, out] = [40, 48, 20];
  const of = (rows: number, width: number, phase: number) =>
    f32(
      [rows, width],
      Float32Array.from({ length: rows * width }, (_, i) => Math.sin(i * 1.3 + phase)),
    );
  const refs = await stored({
    ...{ key: of(8, into, 0), value: of(between, into, 1), last: of(out, between, 2) },
    ...{ keyBias: f32([8], new Float32Array(8).fill(1)), valueBias: of(1, between, 3) },
  });
  const run = 16;
  const [[key, value] = [], [last] = []] = await converted([
    { matrices: [refs.key, refs.value], writes: [undefined, run] },
    { matrices: [refs.last], reads: run },
  ]);
  const through = (k = refs.key, v = refs.value, l = refs.last) =>
    runnable((graph) => {
      const x = input(graph, 'x', 'float32', ['n', into]);
      const parts = [
        { weight: k, bias: refs.keyBias },
        { weight: v, bias: { ...refs.valueBias, shape: [between] } },
      ];
      const [keys, values] = linears(x, parts, [8, between]);
      if (!keys || !values) throw new Error('a part is missing');
      return { keys, y: linear(values, { weight: l }) };
    });
  const [held, whole] = [await through(key, value, last), await through()];
  const x = floatTensor(
    Float32Array.from({ length: 3 * into }, (_, i) => Math.cos(i)),
    [3, into],
  );
  const [got, want] = [await held.run({ x }), await whole.run({ x })];
  for (const name of ['keys', 'y']) {
    const [a, b] = [floatsOf(got, name), floatsOf(want, name)];
    const length = Math.hypot(...b);
    const off = Math.hypot(...a.map((number, i) => number - (b[i] as number)));
    expect(off / length, name).toBeLessThan(0.1);
  }
  await Promise.all([held.dispose(), whole.dispose()]);
});

it.each([45, 1000, 2751, 4096])(
  'keeps a row of %i that is zero but for one number',
  async (into) => {
    const { w } = await stored({
      w: f32(
        [16, into],
        Float32Array.from({ length: 16 * into }, (_, i) => Math.sin(i * 1.3)),
      ),
    });
    const [[packed = w] = []] = await converted([{ matrices: [w] }]);
    const { run, dispose } = await runnable((graph) => ({
      y: linear(input(graph, 'x', 'float32', ['n', into]), { weight: packed }),
    }));
    const x = new Float32Array(2 * into);
    x[7] = 1;
    const got = floatsOf(await run({ x: floatTensor(x, [2, into]) }), 'y').subarray(0, 16);
    const want = Array.from({ length: 16 }, (_, out) => Math.sin((out * into + 7) * 1.3));
    const off = Math.hypot(...want.map((number, i) => number - (got[i] as number)));
    expect(off / Math.hypot(...want)).toBeLessThan(0.15);
    await dispose();
  },
);
