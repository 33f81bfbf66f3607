import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../checkpoint/testing/folders.ts';
import type { TensorRef } from '../../contracts/checkpoint.ts';
import { floatsOf, floatTensor, intTensor } from '../../contracts/session.ts';
import { openPanels } from '../../formats/open-panels.ts';
import { withEightBits } from '../../formats/plan-panels.ts';
import { createGraph, input, output } from '../graph.ts';
import { expectRefusal } from '../testing/expect-refusal.ts';
import { kernelsOf } from '../testing/kernels.ts';
import { floats, numRuns, size } from '../testing/random.ts';
import { runnable } from '../testing/runnable.ts';
import { f32, stored } from '../testing/stored.ts';
import { chosenLinear, linear, linears } from './linear.ts';

const IN = 48;
const wave = (rows: number, phase: number) =>
  f32(
    [rows, IN],
    Float32Array.from({ length: rows * IN }, (_, i) => Math.sin(i * 1.7 + phase)),
  );

/** Stored matrices with their 8-bit copies, those of a list side by side. */
async function converted<Name extends string>(
  tensors: Readonly<Record<Name, ReturnType<typeof f32>>>,
  together: readonly (readonly NoInfer<Name>[])[],
): Promise<Record<Name, TensorRef>> {
  const refs = await stored(tensors);
  const products = together.map((names) => names.map((name) => refs[name]));
  const place = { folder: tempFolder(), model: tempFolder(), now: new Date() };
  const plan = await openPanels(products, place, () => {});
  return Object.fromEntries(withEightBits(new Map(Object.entries(refs)), plan)) as Record<
    Name,
    TensorRef
  >;
}

describe('a product in 8 bits', () => {
  const matrices = () =>
    converted(
      {
        a: wave(100, 0),
        b: wave(30, 1),
        c: wave(64, 2),
        bias: f32([64], new Float32Array(64).fill(3)),
      },
      [['a', 'b'], ['c']],
    );
  type Refs = Awaited<ReturnType<typeof matrices>>;
  const open = (refs: Refs) =>
    runnable((graph) => {
      const x = input(graph, 'x', 'float32', ['n', IN]);
      const ids = input(graph, 'ids', 'int32', ['m']);
      const [left, right] = linears(x, [{ weight: refs.a }, { weight: refs.b }], [90, 40]);
      if (!left || !right) throw new Error('a part is missing');
      return {
        ...{ left, right },
        biased: linear(x, { weight: refs.c, bias: refs.bias }),
        chosen: chosenLinear(x, refs.c, ids),
      };
    });
  const ids = intTensor(Int32Array.of(5, 63, 0));
  const rows = size(6).chain((n) => fc.tuple(fc.constant(n), floats(n * IN)));

  it('is near the one in fp32: within what rounding both sides to 8 bits may cost', async () => {
    const refs = await matrices();
    const { eightBit: _, ...plainA } = refs.a;
    const { eightBit: __, ...plainC } = refs.c;
    const [eight, whole] = [
      await open(refs),
      await runnable((graph) => {
        const x = input(graph, 'x', 'float32', ['n', IN]);
        return {
          a: linear(x, { weight: plainA }),
          c: linear(x, { weight: plainC, bias: refs.bias }),
        };
      }),
    ];
    const property = fc.asyncProperty(rows, async ([n, data]) => {
      const x = floatTensor(data, [n, IN]);
      const [got, want] = [await eight.run({ x, ids }), await whole.run({ x })];
      const [left, right, biased, chosen] = ['left', 'right', 'biased', 'chosen'].map((name) =>
        floatsOf(got, name),
      ) as [Float32Array, Float32Array, Float32Array, Float32Array];
      for (let row = 0; row < n; row++) {
        const line = data.subarray(row * IN, (row + 1) * IN);
        const largest = Math.max(...line.map(Math.abs));
        // Weights lie within ±1: half a step of each side in every term.
        const bound = IN * largest * (1 / 127) * 1.01 + 1e-6;
        const near = (x: number | undefined, y: number | undefined) =>
          expect(Math.abs((x as number) - (y as number))).toBeLessThanOrEqual(bound);
        for (let i = 0; i < 100; i++) {
          near(
            i < 90 ? left[row * 90 + i] : right[row * 40 + i - 90],
            floatsOf(want, 'a')[row * 100 + i],
          );
        }
        for (let i = 0; i < 64; i++) near(biased[row * 64 + i], floatsOf(want, 'c')[row * 64 + i]);
        for (const [at, column] of [5, 63, 0].entries()) {
          near((chosen[row * 3 + at] as number) + 3, biased[row * 64 + column]);
        }
      }
    });
    await fc.assert(property, { numRuns });
    await Promise.all([eight.dispose(), whole.dispose()]);
  });

  it('gives a row the same bits alone and in any batch', async () => {
    const { run, dispose } = await open(await matrices());
    const property = fc.asyncProperty(rows, fc.nat(), async ([n, data], pick) => {
      const row = pick % n;
      const alone = data.slice(row * IN, (row + 1) * IN);
      const pair = new Float32Array(2 * IN);
      pair.set(alone);
      const all = await run({ x: floatTensor(data, [n, IN]), ids });
      for (const few of [
        await run({ x: floatTensor(alone, [1, IN]), ids }),
        await run({ x: floatTensor(pair, [2, IN]), ids }),
      ]) {
        for (const [name, width] of [
          ['left', 90],
          ['right', 40],
          ['biased', 64],
          ['chosen', 3],
        ] as const) {
          const inBatch = floatsOf(all, name).subarray(row * width, (row + 1) * width);
          expect(floatsOf(few, name).subarray(0, width), name).toEqual(inBatch);
        }
      }
    });
    await fc.assert(property, { numRuns });
    await dispose();
  });

  it('does not hide a row that is not finite', async () => {
    const { run, dispose } = await open(await matrices());
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const data = new Float32Array(2 * IN).fill(1);
      data[IN + 7] = bad;
      const { biased } = await run({ x: floatTensor(data, [2, IN]), ids });
      const numbers = Array.from(biased?.data ?? [], Number);
      expect(numbers.slice(0, 64).every(Number.isFinite), 'the other row').toBe(true);
      expect(numbers.slice(64).every(Number.isFinite), `the row with ${bad}`).toBe(false);
    }
    await dispose();
  });

  it('reads panels as they lie: nothing is joined or transposed when it runs', async () => {
    const refs = await matrices();
    const graph = createGraph('g');
    const x = input(graph, 'x', 'float32', ['n', IN]);
    output('y', linear(x, { weight: refs.c }));
    const kernels = await kernelsOf(graph);
    const rounding = [
      'ReduceSum',
      'Abs',
      'Mul',
      'ReduceMax',
      'Max',
      'Add',
      'Div',
      'Mul',
      'QuantizeLinear',
    ];
    const product = ['MatMulIntegerToFloat', 'Mul', 'Transpose', 'Reshape'];
    expect(kernels.sort()).toEqual([...rounding, ...product].sort());
  });

  it('refuses matrices that do not lie side by side', async () => {
    const refs = await matrices();
    const x = input(createGraph('g'), 'x', 'float32', ['n', IN]);
    const cut = (names: readonly ('a' | 'b' | 'c')[]) =>
      expectRefusal(
        () =>
          linears(
            x,
            names.map((name) => ({ weight: refs[name] })),
            [1],
          ),
        'side by side',
      );
    cut(['b', 'a']);
    cut(['a']);
    cut(['a', 'c']);
  });
});
