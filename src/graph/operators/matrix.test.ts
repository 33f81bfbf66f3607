import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { floatTensor } from '../../contracts/session.ts';
import type { Dim } from '../dim.ts';
import { createGraph, input } from '../graph.ts';
import { expectClose } from '../testing/expect-close.ts';
import { expectRefusal } from '../testing/expect-refusal.ts';
import { product } from '../testing/product.ts';
import { floats, numRuns, size } from '../testing/random.ts';
import { runnable } from '../testing/runnable.ts';
import { gemm, matmul } from './matrix.ts';

const pair = (a: readonly Dim[], b: readonly Dim[]) => {
  const graph = createGraph('g');
  return [input(graph, 'a', 'float32', a), input(graph, 'b', 'float32', b)] as const;
};

describe('matmul', async () => {
  const plain = await runnable((graph) => ({
    y: matmul(input(graph, 'a', 'float32', ['n', 'k']), input(graph, 'b', 'float32', ['k', 'm'])),
  }));
  const batched = await runnable((graph) => ({
    own: matmul(
      input(graph, 'a', 'float32', ['h', 'n', 'k']),
      input(graph, 'b', 'float32', ['h', 'k', 'm']),
    ),
    shared: matmul(
      input(graph, 'c', 'float32', ['h', 'n', 'k']),
      input(graph, 'd', 'float32', ['k', 'm']),
    ),
  }));
  afterAll(() => Promise.all([plain.dispose(), batched.dispose()]));

  it('is the product of two matrices', async () => {
    const sizes = fc.tuple(size(7), size(7), size(7));
    const problems = sizes.chain(([n, k, m]) =>
      fc.tuple(fc.constant({ n, k, m }), floats(n * k), floats(k * m)),
    );
    const property = fc.asyncProperty(problems, async ([{ n, k, m }, a, b]) => {
      const result = await plain.run({ a: floatTensor(a, [n, k]), b: floatTensor(b, [k, m]) });
      expectClose(result, 'y', product(a, b, n, k, m), 1e-4);
    });
    await fc.assert(property, { numRuns });
  });

  it('multiplies a stack by a stack, or by one matrix', async () => {
    const sizes = fc.tuple(size(3), size(), size(), size());
    const problems = sizes.chain(([h, n, k, m]) =>
      fc.tuple(fc.constant({ h, n, k, m }), floats(h * n * k), floats(h * k * m)),
    );
    const property = fc.asyncProperty(problems, async ([{ h, n, k, m }, a, b]) => {
      const one = b.slice(0, k * m);
      const left = floatTensor(a, [h, n, k]);
      const result = await batched.run({
        ...{ a: left, b: floatTensor(b, [h, k, m]) },
        ...{ c: left, d: floatTensor(one, [k, m]) },
      });
      const stack = (right: (i: number) => Float32Array) =>
        Array.from({ length: h }, (_, i) =>
          product(a.subarray(i * n * k, (i + 1) * n * k), right(i), n, k, m),
        ).flat();
      const own = stack((i) => b.subarray(i * k * m, (i + 1) * k * m));
      expectClose(result, 'own', own, 1e-4);
      expectClose(
        result,
        'shared',
        stack(() => one),
        1e-4,
      );
    });
    await fc.assert(property, { numRuns });
  });

  it.each<[a: Dim[], b: Dim[]]>([
    [
      [2, 3],
      [4, 5],
    ],
    [
      ['n', 'k'],
      ['m', 'n'],
    ],
    [
      [2, 4, 3],
      [3, 3, 5],
    ],
    [[3], [3, 5]],
    [[2, 3], [3]],
  ])('refuses %j · %j and names both', (a, b) => {
    const show = (shape: Dim[]) => `[${shape.join(', ')}]`;
    expectRefusal(() => matmul(...pair(a, b)), 'MatMul', show(a), show(b));
  });

  it('refuses to mix types', () => {
    const graph = createGraph('g');
    const a = input(graph, 'a', 'float32', [2, 3]);
    const b = input(graph, 'b', 'float16', [3, 4]);
    expectRefusal(() => matmul(a, b), 'MatMul', 'float32', '[2, 3]', 'float16', '[3, 4]');
  });

  it('refuses values of two graphs', () => {
    const [a] = pair([2, 3], [3, 4]);
    const [, b] = pair([2, 3], [3, 4]);
    expectRefusal(() => matmul(a, b), 'MatMul');
  });
});

describe('gemm', async () => {
  const { run, dispose } = await runnable((graph) => {
    const x = input(graph, 'x', 'float32', ['n', 'k']);
    const w = input(graph, 'w', 'float32', ['m', 'k']);
    return { plain: gemm(x, w), biased: gemm(x, w, input(graph, 'b', 'float32', ['m'])) };
  });
  afterAll(dispose);

  it('is x · wᵀ, plus the bias in every row', async () => {
    const sizes = fc.tuple(size(7), size(7), size(7));
    const problems = sizes.chain(([n, k, m]) =>
      fc.tuple(fc.constant({ n, k, m }), floats(n * k), floats(m * k), floats(m)),
    );
    const property = fc.asyncProperty(problems, async ([{ n, k, m }, x, w, b]) => {
      const result = await run({
        x: floatTensor(x, [n, k]),
        w: floatTensor(w, [m, k]),
        b: floatTensor(b, [m]),
      });
      const turned = Float32Array.from(
        { length: k * m },
        (_, i) => w[(i % m) * k + Math.floor(i / m)] as number,
      );
      const plain = product(x, turned, n, k, m);
      expectClose(result, 'plain', plain, 1e-4);
      const biased = plain.map((y, i) => y + (b[i % m] as number));
      expectClose(result, 'biased', biased, 1e-4);
    });
    await fc.assert(property, { numRuns });
  });

  it('infers [n, out]', () => {
    expect(gemm(...pair(['n', 3], [4, 3])).shape).toEqual(['n', 4]);
  });

  it.each<[x: Dim[], w: Dim[]]>([
    [
      ['n', 3],
      [3, 4],
    ],
    [[3], [4, 3]],
    [
      ['n', 2, 3],
      [4, 3],
    ],
    [
      ['n', 12],
      [4, 3, 2, 2],
    ],
  ])('refuses x %j with w %j and names both', (x, w) => {
    const show = (shape: Dim[]) => `[${shape.join(', ')}]`;
    expectRefusal(() => gemm(...pair(x, w)), 'Gemm', show(x), show(w));
  });

  it.each([[[3]], [[1]], [[]], [[1, 4]], [[4, 1]], [['n', 4]]])(
    'refuses a bias of shape %j',
    (shape) => {
      const [x, w] = pair(['n', 3], [4, 3]);
      const bias = input(x.graph, 'bias', 'float32', shape);
      expectRefusal(() => gemm(x, w, bias), 'Gemm', '[n, 3]', '[4, 3]', `[${shape.join(', ')}]`);
    },
  );

  it('refuses a bias of another type', () => {
    const [x, w] = pair(['n', 3], [4, 3]);
    const bias = input(x.graph, 'bias', 'bfloat16', [4]);
    expectRefusal(() => gemm(x, w, bias), 'Gemm', 'float32', 'bfloat16');
  });
});
