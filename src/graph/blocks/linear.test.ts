import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { floatTensor, intTensor } from '../../contracts/session.ts';
import { readFloats } from '../../formats/read-tensor.ts';
import { createGraph, input, output } from '../graph.ts';
import { expectClose } from '../testing/expect-close.ts';
import { expectRefusal } from '../testing/expect-refusal.ts';
import { kernelsOf } from '../testing/kernels.ts';
import { product } from '../testing/product.ts';
import { floats as floatArray, numRuns, size } from '../testing/random.ts';
import { runnable } from '../testing/runnable.ts';
import { f32, refOf, stored } from '../testing/stored.ts';
import { linear, linears } from './linear.ts';
import { embedding, floats } from './stored-rows.ts';

const IN = 6;
const [weights] = fc.sample(fc.tuple(floatArray(5 * IN), floatArray(5)), { numRuns: 1, seed: 7 });

/** x [n, in] · wᵀ + b, w [out, in] */
function affine(x: Float32Array, n: number, w: Float32Array, b: Float32Array): number[] {
  const out = b.length;
  const columns = Float32Array.from(
    { length: IN * out },
    (_, i) => w[(i % out) * IN + Math.floor(i / out)] as number,
  );
  return product(x, columns, n, IN, out).map((y, i) => y + (b[i % out] as number));
}

describe('linear and linears', () => {
  const [w, b] = weights as [Float32Array, Float32Array];
  const none = new Float32Array(5);

  const open = async () => {
    const refs = await stored({
      matrix: f32([5, IN], w),
      bias: f32([5], b),
      convolution: f32([5, 3, 2, 1], w),
      upper: f32([2, IN], w.slice(0, 2 * IN)),
      lower: f32([3, IN], w.slice(2 * IN)),
      upperBias: f32([2], b.slice(0, 2)),
      lowerBias: f32([3], b.slice(2)),
    });
    const { run, dispose } = await runnable((graph) => {
      const x = input(graph, 'x', 'float32', ['n', IN]);
      const parts = [{ weight: refs.upper }, { weight: refs.lower }];
      const biased = [
        { weight: refs.upper, bias: refs.upperBias },
        { weight: refs.lower, bias: refs.lowerBias },
      ];
      const [first, second] = linears(x, parts, [1, 4]);
      const [third, fourth] = linears(x, biased, [2, 3]);
      if (!first || !second || !third || !fourth) throw new Error('a part is missing');
      return {
        plain: linear(x, { weight: refs.matrix }),
        biased: linear(x, { weight: refs.matrix, bias: refs.bias }),
        patches: linear(x, { weight: refs.convolution }),
        ...{ first, second, third, fourth },
      };
    });
    onTestFinished(dispose);
    return run;
  };

  const inputs = size(6).chain((n) => fc.tuple(fc.constant(n), floatArray(n * IN)));
  const columns = (y: readonly number[], from: number, to: number) =>
    y.filter((_, i) => i % 5 >= from && i % 5 < to);

  it('linear is x · wᵀ + b, with a convolution’s weight read as one matrix', async () => {
    const run = await open();
    const property = fc.asyncProperty(inputs, async ([n, x]) => {
      const result = await run({ x: floatTensor(x, [n, IN]) });
      expectClose(result, 'plain', affine(x, n, w, none), 1e-4);
      expectClose(result, 'biased', affine(x, n, w, b), 1e-4);
      expectClose(result, 'patches', affine(x, n, w, none), 1e-4);
    });
    await fc.assert(property, { numRuns });
  });

  it('linears is one product, cut where it is asked to be', async () => {
    const run = await open();
    const property = fc.asyncProperty(inputs, async ([n, x]) => {
      const result = await run({ x: floatTensor(x, [n, IN]) });
      const [plain, biased] = [affine(x, n, w, none), affine(x, n, w, b)];
      expectClose(result, 'first', columns(plain, 0, 1), 1e-4);
      expectClose(result, 'second', columns(plain, 1, 5), 1e-4);
      expectClose(result, 'third', columns(biased, 0, 2), 1e-4);
      expectClose(result, 'fourth', columns(biased, 2, 5), 1e-4);
    });
    await fc.assert(property, { numRuns });
  });
});

it('linears joins its matrices when the session is made, not in every run', async () => {
  const half = { dtype: 'BF16', shape: [2, IN], data: new Uint16Array(2 * IN).fill(0x3f80) };
  const { upper, lower } = await stored({ upper: half, lower: half });
  const graph = createGraph('g');
  const x = input(graph, 'x', 'float32', ['n', IN]);
  const parts = linears(x, [{ weight: upper }, { weight: lower }], [2, 2]);
  for (const [index, part] of parts.entries()) output(`part_${index}`, part);
  expect(await kernelsOf(graph)).toEqual(['Gemm', 'Split']);
});

describe('what does not fit', () => {
  const x = () => input(createGraph('g'), 'x', 'float32', ['n', IN]);

  it('a matrix that reads rows of another width', () => {
    const wrong = { weight: refOf('wrong', [5, 4]) };
    expectRefusal(() => linear(x(), wrong), 'Gemm', `[n, ${IN}]`, '[5, 4]');
  });

  it('matrices of one product that read different widths', () => {
    const parts = [
      { weight: refOf('a', [2, IN]) },
      { weight: { ...refOf('b', [3, 4]), offset: 16 } },
    ];
    expectRefusal(() => linears(x(), parts, [2, 3]), `[2, ${IN}]`, '[3, 4]');
  });

  it('a bias for only some of the matrices', () => {
    const a = { weight: refOf('a', [2, IN]), bias: refOf('a.bias', [2]) };
    const b = { weight: { ...refOf('b', [3, IN]), offset: 16 } };
    expectRefusal(() => linears(x(), [a, b], [2, 3]), 'bias');
  });

  it('widths that do not fill the product', () => {
    const part = { weight: refOf('a', [5, IN]) };
    expectRefusal(() => linears(x(), [part], [2, 2]), '[2, 2]', '[n, 5]');
  });
});

it.each(['F32', 'F16', 'BF16'] as const)(
  'embedding widens the rows of a %s table',
  async (dtype) => {
    const values = Array.from({ length: 12 }, (_, i) => 0x3c00 + i * 0x55);
    const data = dtype === 'F32' ? Float32Array.from(values) : Uint16Array.from(values);
    const { table } = await stored({ table: { dtype, shape: [4, 3], data } });
    const { run, dispose } = await runnable((graph) => ({
      rows: embedding(table, input(graph, 'ids', 'int32', ['n'])),
      all: floats(graph, table, [3, 4]),
    }));
    const { rows, all } = await run({ ids: intTensor(Int32Array.of(2, 0, 2)) });
    const read = await readFloats(table);
    const row = (i: number) => [...read.subarray(i * 3, i * 3 + 3)];
    expect(Array.from(rows?.data ?? [], Number)).toEqual([...row(2), ...row(0), ...row(2)]);
    expect(all?.data).toEqual(read);
    await dispose();
  },
);
