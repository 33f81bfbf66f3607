import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TensorRef } from '../../../contracts/checkpoint.ts';
import { floatsOf, floatTensor, type Session } from '../../../contracts/session.ts';
import { chosenLinear, linear, linears } from '../../../graph/blocks/linear.ts';
import { constant, createGraph, input, output } from '../../../graph/graph.ts';
import { expectRefusal } from '../../../graph/testing/expect-refusal.ts';
import { kernelsOf } from '../../../graph/testing/kernels.ts';
import { floats, numRuns, size } from '../../../graph/testing/random.ts';
import { f32, stored } from '../../../graph/testing/stored.ts';
import { createSession } from '../../../runtime/session.ts';
import { int4 } from './int4.ts';
import { converted, readBack } from './testing/converted.ts';

/** Its last block is not full. */
const IN = 173;
const numbers = (rows: number, phase: number, into = IN) =>
  Float32Array.from({ length: rows * into }, (_, i) => Math.sin(i * 1.7 + phase));
const wave = (rows: number, phase: number) => f32([rows, IN], numbers(rows, phase));

/** a and b are one product, c another. */
type Matrices = Readonly<Record<'a' | 'b' | 'c' | 'bias', TensorRef>>;

async function made(): Promise<Matrices> {
  const all = await stored({
    ...{ a: wave(100, 0), b: wave(30, 1), c: wave(64, 2) },
    bias: f32([64], new Float32Array(64).fill(3)),
  });
  return converted(all, [[all.a, all.b], [all.c]]);
}

/** Outputs, by their widths. */
const WIDTHS = { left: 90, right: 40, biased: 64, chosen: 3 } as const;
const OUTPUTS = Object.entries(WIDTHS);
const CHOSEN = Int32Array.of(5, 63, 0);

function graphOf({ a, b, c, bias }: Matrices) {
  const graph = createGraph('four');
  const x = input(graph, 'x', 'float32', ['n', IN]);
  const [left, right] = linears(x, [{ weight: a }, { weight: b }], [WIDTHS.left, WIDTHS.right]);
  if (!left || !right) throw new Error('a part is missing');
  const chosen = chosenLinear(x, c, constant(graph, CHOSEN, [3]));
  const values = { left, right, biased: linear(x, { weight: c, bias }), chosen };
  for (const [name, value] of Object.entries(values)) output(name, value);
  return graph;
}

const open = (refs: Matrices, threads = 1) =>
  createSession(graphOf(refs), { device: 'cpu', threads });

async function rowsOf(session: Session, data: Float32Array) {
  const results = await session.run(
    { x: floatTensor(data, [data.length / IN, IN]) },
    Object.keys(WIDTHS),
  );
  const parts = OUTPUTS.map(([name, width]) => [floatsOf(results, name), width] as const);
  return Array.from({ length: data.length / IN }, (_, row) =>
    parts.map(([all, width]) => all.slice(row * width, (row + 1) * width)),
  );
}

describe('a product in 4 bits', () => {
  it('is near that of the numbers that the blocks stand for: within what rounding its rows may cost', async () => {
    const refs = await made();
    const session = await open(refs);
    const matrices = [readBack([refs.a, refs.b]), readBack([refs.c])] as const;
    const joined = matrices[0].map(({ numbers }) => numbers);
    const c = matrices[1].map(({ numbers }) => numbers);
    const wanted = [
      ...[joined.slice(0, 90), joined.slice(90), c],
      [...CHOSEN].map((row) => c[row] as readonly number[]),
    ];
    const rows = size(6).chain((n) => floats(n * IN));
    const property = fc.asyncProperty(rows, async (data) => {
      for (const [row, outputs] of (await rowsOf(session, data)).entries()) {
        const x = data.subarray(row * IN, (row + 1) * IN);
        const largest = Math.max(...x.map(Math.abs));
        const bound = IN * largest * (0.5 / 127) * 1.2 + 1e-5;
        for (const [at, matrix] of wanted.entries()) {
          for (const [i, line] of matrix.entries()) {
            const exact = x.reduce((sum, value, k) => sum + value * (line[k] as number), 0);
            const got = (outputs[at]?.[i] as number) - (at === 2 ? 3 : 0);
            expect(Math.abs(got - exact), `output ${at}.${i}`).toBeLessThanOrEqual(bound);
          }
        }
      }
    });
    await fc.assert(property, { numRuns });
    await session.dispose();
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'shows %f of a row in all of its numbers, wherever it stands, and in no other row',
    async (bad) => {
      const session = await open(await made());
      for (let place = 0; place < IN; place++) {
        const data = Float32Array.from({ length: 3 * IN }, (_, i) => Math.cos(i));
        data[IN + place] = bad;
        const finite = (await rowsOf(session, data)).map((outputs) =>
          outputs.map((part) => part.some(Number.isFinite)),
        );
        const [all, none] = [true, false].map((one) => OUTPUTS.map(() => one));
        expect(finite, `place ${place}`).toEqual([all, none, all]);
      }
      await session.dispose();
    },
  );

  it('is of zeros where a row is zeros', async () => {
    const session = await open(await made());
    const [row] = await rowsOf(session, new Float32Array(2 * IN));
    expect(row?.[0]).toEqual(new Float32Array(WIDTHS.left));
    await session.dispose();
  });

  it('refuses matrices that do not lie side by side, some that are not converted, and rows of another width', async () => {
    const refs = await made();
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
    const narrow = input(createGraph('g'), 'x', 'float32', ['n', IN - 1]);
    expectRefusal(() => linear(narrow, { weight: refs.c }), `${IN} wide`);
  });
});

describe.each([1, 2, 3, 8, 16])('with %i threads', (threads) => {
  it('a row has the same bits in a pair and in any company, up to a chunk of a prompt', async () => {
    const session = await open(await made(), threads);
    const wide = fc
      .tuple(
        fc.constantFrom(2, 3, 4, 5, 7, 8, 17, 59, 64, 130, 131, 512),
        fc.nat(),
        floats(IN),
        fc.nat(),
      )
      .map(([n, at, row, seed]) => ({ n, at: at % n, row, seed }));
    const property = fc.asyncProperty(wide, async ({ n, at, row, seed }) => {
      const company = Float32Array.from(
        { length: n * IN },
        (_, i) => Math.sin(seed + i) * 10 ** (i % 5),
      );
      company.set(row, at * IN);
      const pair = new Float32Array(2 * IN);
      pair.set(row);
      const [alone] = await rowsOf(session, pair);
      expect((await rowsOf(session, company))[at]).toEqual(alone);
    });
    await fc.assert(property, { numRuns });
    await session.dispose();
  });
});

it('is one operator and the look for NaN; chosen outputs are picked when the session is made', async () => {
  const kernels = await kernelsOf(graphOf(await made()));
  const each = ['MatMulNBits', 'Add'];
  const once = ['ReduceSum', 'Mul'];
  const wanted = [...once, ...each, ...each, ...each, 'Add', 'Split'];
  expect(kernels.sort()).toEqual(wanted.sort());
});

it('by a matrix that the graph holds is that by the same matrix from a file', async () => {
  const { c } = await made();
  const graph = createGraph('constant');
  const x = input(graph, 'x', 'float32', ['n', IN]);
  output('y', int4.constantProduct(x, numbers(64, 2)));
  output('z', int4.product(x, [c], []));
  const session = await createSession(graph, { device: 'cpu', threads: 1 });
  const rows = floatTensor(numbers(5, 9), [5, IN]);
  const results = await session.run({ x: rows }, ['y', 'z']);
  expect(floatsOf(results, 'y')).toEqual(floatsOf(results, 'z'));
  await session.dispose();
});
