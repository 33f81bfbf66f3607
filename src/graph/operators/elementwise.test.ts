import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { floatTensor, intTensor } from '../../contracts/session.ts';
import type { Dim } from '../dim.ts';
import { createGraph, input, type Value } from '../graph.ts';
import { expectClose } from '../testing/expect-close.ts';
import { expectRefusal } from '../testing/expect-refusal.ts';
import { floats, numRuns } from '../testing/random.ts';
import { erf } from '../testing/reference/erf.ts';
import { runnable, runOnce } from '../testing/runnable.ts';
import {
  add,
  cast,
  div,
  gelu,
  geluTanh,
  mul,
  pow,
  quickGelu,
  relu,
  scalar,
  scale,
  silu,
  sqrt,
} from './elementwise.ts';

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

describe('of one value', async () => {
  const references: Readonly<Record<string, [of: (x: Value) => Value, by: (x: number) => number]>> =
    {
      sqrt: [(x) => sqrt(mul(x, x)), Math.abs],
      relu: [relu, (x) => Math.max(0, x)],
      gelu: [gelu, (x) => (x / 2) * (1 + erf(x / Math.SQRT2))],
      geluTanh: [
        geluTanh,
        (x) => (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
      ],
      silu: [silu, (x) => x * sigmoid(x)],
      quickGelu: [quickGelu, (x) => x * sigmoid(1.702 * x)],
      scale: [(x) => scale(x, -2.5), (x) => -2.5 * x],
      square: [(x) => pow(x, scalar(x, 2)), (x) => x * x],
    };
  const { run, dispose } = await runnable((graph) => {
    const x = input(graph, 'x', 'float32', ['n']);
    return Object.fromEntries(Object.entries(references).map(([name, [of]]) => [name, of(x)]));
  });
  afterAll(dispose);

  it.each(Object.entries(references))('%s', async (name, [, by]) => {
    const property = fc.asyncProperty(floats(9), async (x) => {
      expectClose(await run({ x: floatTensor(x, [9]) }), name, Array.from(x, by));
    });
    await fc.assert(property, { numRuns });
  });

  it('keeps the shape', () => {
    const x = input(createGraph('g'), 'x', 'float32', ['n', 1, 4]);
    for (const [of] of Object.values(references)) expect(of(x).shape).toEqual(['n', 1, 4]);
  });
});

describe('of two values', async () => {
  const { run, dispose } = await runnable((graph) => {
    const rows = input(graph, 'rows', 'float32', ['n', 1, 3]);
    const table = input(graph, 'table', 'float32', ['h', 3]);
    const positive = add(mul(table, table), scalar(table, 1));
    return { sum: add(rows, table), product: mul(table, rows), quotient: div(rows, positive) };
  });
  afterAll(dispose);

  it('they broadcast as numpy’s do', async () => {
    const sizes = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }));
    const problems = sizes.chain(([n, h]) =>
      fc.tuple(fc.constant({ n, h }), floats(n * 3), floats(h * 3)),
    );
    const property = fc.asyncProperty(problems, async ([{ n, h }, rows, table]) => {
      const result = await run({
        rows: floatTensor(rows, [n, 1, 3]),
        table: floatTensor(table, [h, 3]),
      });
      const each = (by: (a: number, b: number) => number) =>
        Array.from({ length: n * h * 3 }, (_, at) => {
          const [row, line, column] = [Math.floor(at / (h * 3)), Math.floor(at / 3) % h, at % 3];
          return by(rows[row * 3 + column] as number, table[line * 3 + column] as number);
        });
      expectClose(
        result,
        'sum',
        each((a, b) => a + b),
      );
      expectClose(
        result,
        'product',
        each((a, b) => a * b),
      );
      expectClose(
        result,
        'quotient',
        each((a, b) => a / (b * b + 1)),
      );
    });
    await fc.assert(property, { numRuns });
  });

  const operators = Object.entries({ Add: add, Mul: mul, Div: div, Pow: pow });

  it.each(operators)('%s refuses shapes that do not fit and names both', (name, of) => {
    const graph = createGraph('g');
    const misfits: [Dim[], Dim[]][] = [
      [['n', 4], [3]],
      [
        ['n', 4],
        ['m', 4],
      ],
      [
        [2, 3],
        [3, 2],
      ],
    ];
    for (const [index, [left, right]] of misfits.entries()) {
      const a = input(graph, `a${index}`, 'float32', left);
      const b = input(graph, `b${index}`, 'float32', right);
      expectRefusal(() => of(a, b), name, `[${left.join(', ')}]`, `[${right.join(', ')}]`);
    }
    expect(graph.nodes).toEqual([]);
  });

  it.each(operators)('%s refuses to mix types', (name, of) => {
    const graph = createGraph('g');
    const a = input(graph, 'a', 'float32', [2]);
    const b = input(graph, 'b', 'int32', [1]);
    expectRefusal(() => of(a, b), name, 'float32', '[2]', 'int32', '[1]');
  });

  it.each(operators)('%s refuses values of two graphs', (name, of) => {
    const a = input(createGraph('left'), 'a', 'float32', [2]);
    const b = input(createGraph('right'), 'b', 'float32', [2]);
    expectRefusal(() => of(a, b), name, 'left', 'right');
  });
});

describe('cast', () => {
  it('to its own type is the value itself', () => {
    const x = input(createGraph('g'), 'x', 'float32', [2]);
    expect(cast(x, 'float32')).toBe(x);
  });

  it('changes the type and nothing else', async () => {
    const feeds = { x: intTensor(Int32Array.of(-3, 0, 7), [3, 1]) };
    const result = await runOnce(feeds, (graph) => {
      const x = input(graph, 'x', 'int32', ['n', 1]);
      return { float: cast(x, 'float32'), long: cast(x, 'int64') };
    });
    expect(result.float?.data).toEqual(Float32Array.of(-3, 0, 7));
    expect(result.long?.data).toEqual(BigInt64Array.of(-3n, 0n, 7n));
  });
});
