import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { floatTensor } from '../../contracts/session.ts';
import { createGraph, input } from '../graph.ts';
import { expectClose } from '../testing/expect-close.ts';
import { expectRefusal } from '../testing/expect-refusal.ts';
import { floats } from '../testing/random.ts';
import { runnable } from '../testing/runnable.ts';
import { convolution } from './convolution.ts';

interface Sizes {
  readonly side: number;
  readonly kernel: number;
  readonly stride: number;
  readonly into: number;
  readonly out: number;
  readonly groups: number;
}

/** By its definition; zeros around x so that every stride-th pixel has a result, the odd one right and below. */
function convolved(x: Float32Array, w: Float32Array, bias: Float32Array, sizes: Sizes) {
  const { side, kernel, stride, into, out, groups } = sizes;
  const size = Math.ceil(side / stride);
  const before = Math.floor(Math.max(0, (size - 1) * stride + kernel - side) / 2);
  const [ownIn, ownOut] = [into / groups, out / groups];
  const pixel = (channel: number, row: number, column: number) =>
    row < 0 || column < 0 || row >= side || column >= side
      ? 0
      : (x[(channel * side + row) * side + column] as number);
  return Float32Array.from({ length: out * size * size }, (_, index) => {
    const [channel, row, column] = [
      Math.floor(index / size ** 2),
      Math.floor(index / size) % size,
      index % size,
    ];
    let sum = bias[channel] as number;
    for (let i = 0; i < ownIn; i++) {
      for (let dy = 0; dy < kernel; dy++) {
        for (let dx = 0; dx < kernel; dx++) {
          const weight = w[((channel * ownIn + i) * kernel + dy) * kernel + dx] as number;
          const from = Math.floor(channel / ownOut) * ownIn + i;
          sum += weight * pixel(from, row * stride - before + dy, column * stride - before + dx);
        }
      }
    }
    return sum;
  });
}

describe('convolution', () => {
  it.each<Sizes>([
    { side: 7, kernel: 3, stride: 1, into: 2, out: 3, groups: 1 },
    { side: 8, kernel: 3, stride: 2, into: 3, out: 2, groups: 1 },
    { side: 7, kernel: 5, stride: 2, into: 4, out: 4, groups: 4 },
    { side: 8, kernel: 5, stride: 2, into: 4, out: 8, groups: 2 },
    { side: 5, kernel: 1, stride: 1, into: 3, out: 4, groups: 1 },
  ])('is what it says: $side by $kernel, stride $stride, $groups groups', async (sizes) => {
    const { side, kernel, stride, into, out, groups } = sizes;
    const [xs, ws] = [
      [1, into, side, side],
      [out, into / groups, kernel, kernel],
    ] as const;
    const graph = await runnable((graph) => ({
      y: convolution(
        input(graph, 'x', 'float32', xs),
        input(graph, 'w', 'float32', ws),
        input(graph, 'bias', 'float32', [out]),
        { stride, groups },
      ),
    }));
    const count = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
    const numbers = fc.tuple(floats(count(xs)), floats(count(ws)), floats(out));
    const property = fc.asyncProperty(numbers, async ([x, w, bias]) => {
      const feeds = {
        x: floatTensor(x, [...xs]),
        w: floatTensor(w, [...ws]),
        bias: floatTensor(bias, [out]),
      };
      expectClose(await graph.run(feeds), 'y', convolved(x, w, bias, sizes), 1e-3);
    });
    await fc.assert(property, { numRuns: 10 });
    await graph.dispose();
  });

  it('refuses shapes that do not fit', () => {
    const graph = createGraph('g');
    const x = input(graph, 'x', 'float32', [1, 4, 8, 8]);
    const w = input(graph, 'w', 'float32', [6, 4, 3, 3]);
    const bias = input(graph, 'bias', 'float32', [6]);
    expectRefusal(() => convolution(x, w, bias, { stride: 1, groups: 2 }), '2 groups do not fit');
    const flat = input(graph, 'flat', 'float32', [1, 4, 8, 7]);
    expectRefusal(() => convolution(flat, w, bias, { stride: 1, groups: 1 }), 'do not fit');
  });

  it('rounds sizes up', () => {
    const graph = createGraph('g');
    const x = input(graph, 'x', 'float32', ['b', 3, 9, 9]);
    const w = input(graph, 'w', 'float32', [5, 3, 3, 3]);
    const bias = input(graph, 'bias', 'float32', [5]);
    expect(convolution(x, w, bias, { stride: 2, groups: 1 }).shape).toEqual(['b', 5, 5, 5]);
  });
});
