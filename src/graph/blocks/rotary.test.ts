import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { floatsOf, floatTensor } from '../../contracts/session.ts';
import { createGraph, input } from '../graph.ts';
import { expectRefusal } from '../testing/expect-refusal.ts';
import { floats, numRuns, size } from '../testing/random.ts';
import { runnable } from '../testing/runnable.ts';
import { quarterTurn, rotary } from './rotary.ts';

describe.each([2, 6, 16])('rotary on heads of %d numbers', async (headDim) => {
  const { run, dispose } = await runnable((graph) => {
    const x = input(graph, 'x', 'float32', ['n', 'heads', headDim]);
    const cos = input(graph, 'cos', 'float32', ['n', 1, headDim]);
    const sin = input(graph, 'sin', 'float32', ['n', 1, headDim]);
    return { y: rotary(x, { cos, sin, turn: quarterTurn(graph, headDim) }) };
  });
  afterAll(dispose);

  const half = headDim / 2;
  const problems = fc.tuple(size(4), size(3)).chain(([n, heads]) =>
    fc.tuple(
      fc.constant({ n, heads }),
      floats(n * heads * headDim),
      fc.array(fc.float({ min: -4, max: 4, noNaN: true }), {
        minLength: n * half,
        maxLength: n * half,
      }),
    ),
  );

  /** The rows' cosines or sines, both halves alike: [n, 1, headDim] */
  const rows = (angles: readonly number[], n: number, of: (angle: number) => number) =>
    floatTensor(
      Float32Array.from({ length: n * headDim }, (_, at) =>
        of(angles[Math.floor(at / headDim) * half + (at % half)] as number),
      ),
      [n, 1, headDim],
    );

  it('turns the planes (i, i + half), each by the angle of its row, to the last bit', async () => {
    const property = fc.asyncProperty(problems, async ([{ n, heads }, x, angles]) => {
      const [cos, sin] = [rows(angles, n, Math.cos), rows(angles, n, Math.sin)];
      const result = await run({ x: floatTensor(x, [n, heads, headDim]), cos, sin });
      const number = (row: number, head: number, i: number) =>
        x[(row * heads + head) * headDim + i] as number;
      const expected = Float32Array.from({ length: x.length }, (_, at) => {
        const [row, head, i] = [
          Math.floor(at / (heads * headDim)),
          Math.floor(at / headDim) % heads,
          at % headDim,
        ];
        const turned = i < half ? -number(row, head, i + half) : number(row, head, i - half);
        const c = cos.data[row * headDim + i] as number;
        const s = sin.data[row * headDim + i] as number;
        return Math.fround(number(row, head, i) * c) + Math.fround(turned * s);
      });
      // + 0 makes no difference but for -0, which is as good a zero.
      expect(floatsOf(result, 'y').map((y) => y + 0)).toEqual(expected.map((y) => y + 0));
    });
    await fc.assert(property, { numRuns });
  });
});

it.each([0, -2, 7, 2.5])('a head of %d numbers can’t be turned', (headDim) => {
  expectRefusal(() => quarterTurn(createGraph('g'), headDim), String(headDim));
});
