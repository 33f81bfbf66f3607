import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { floatsOf, floatTensor } from '../../../contracts/session.ts';
import { input } from '../../../graph/graph.ts';
import { floats } from '../../../graph/testing/random.ts';
import { runnable } from '../../../graph/testing/runnable.ts';
import { turned, turnRow, turnWidth } from './turn-rows.ts';

const WIDTHS = [24, 64, 576, 640];

const turnedRow = (row: Float32Array) => {
  const copy = row.slice();
  turnRow(copy);
  return copy;
};
const dot = (a: Float32Array, b: Float32Array) =>
  a.reduce((sum, x, i) => sum + x * (b[i] as number), 0);

describe('turned rows', () => {
  it('come in blocks of a power of two that divides them, up to 128, or stay as they are', () => {
    expect([576, 1536, 640, 24, 4096, 11008].map(turnWidth)).toEqual([64, 128, 128, 8, 128, 128]);
    expect([45, 4, 1].map(turnWidth)).toEqual([1, 1, 1]);
    expect(turnedRow(Float32Array.of(1, 2, 3, 4, 5))).toEqual(Float32Array.of(1, 2, 3, 4, 5));
  });

  it.each(WIDTHS)('give the same products as they gave before, %i wide', (into) => {
    fc.assert(
      fc.property(floats(into), floats(into), (a, b) => {
        const size = Math.sqrt(dot(a, a) * dot(b, b));
        const off = dot(turnedRow(a), turnedRow(b)) - dot(a, b);
        expect(Math.abs(off)).toBeLessThanOrEqual(1e-5 * size);
      }),
    );
  });

  it.each(WIDTHS)('are the same in a graph, %i wide', async (into) => {
    const { run, dispose } = await runnable((graph) => ({
      y: turned(input(graph, 'x', 'float32', ['n', into])),
    }));
    const x = Float32Array.from({ length: 3 * into }, (_, i) => Math.sin(i * 1.7));
    const y = floatsOf(await run({ x: floatTensor(x, [3, into]) }), 'y');
    for (const row of [0, 1, 2]) {
      const want = turnedRow(x.subarray(row * into, (row + 1) * into));
      for (const [i, value] of want.entries()) expect(y[row * into + i]).toBeCloseTo(value, 5);
    }
    await dispose();
  });

  it.each([
    ['one large channel', (i: number) => (i === 77 ? 1000 : 1)],
    ['a block of equal numbers', () => 1000],
  ])('spread %s', (_, of) => {
    const row = Float32Array.from({ length: 128 }, (_, i) => of(i));
    const largest = Math.max(...turnedRow(row).map(Math.abs));
    const length = Math.sqrt(dot(row, row));
    expect(largest).toBeLessThan((4 * length) / Math.sqrt(128));
  });
});
