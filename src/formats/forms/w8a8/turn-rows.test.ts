import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { floatsOf, floatTensor } from '../../../contracts/session.ts';
import { input } from '../../../graph/graph.ts';
import { floats } from '../../../graph/testing/random.ts';
import { runnable } from '../../../graph/testing/runnable.ts';
import { turnedRow } from './testing/plain-panels.ts';
import { turned, turnOf } from './turn-rows.ts';

const WIDTHS = [24, 45, 64, 576, 588, 640, 11008];

const dot = (a: Float32Array, b: Float32Array) =>
  a.reduce((sum, x, i) => sum + x * (b[i] as number), 0);

describe('turned rows', () => {
  it('come in blocks of a power of two up to 128, which are mixed where they are many', () => {
    const turns = [64, 576, 1536, 4096, 11008, 588, 45].map(turnOf);
    expect(turns.map(({ width }) => width)).toEqual([64, 64, 128, 128, 128, 4, 1]);
    expect(turns.map(({ blocks }) => blocks)).toEqual([1, 1, 1, 32, 86, 49, 45]);
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

  it('of several runs turn each by itself', () => {
    const row = Float32Array.from({ length: 96 }, (_, i) => Math.sin(i * 1.7));
    const runs = [0, 1, 2, 3].map((run) => [...turnedRow(row.slice(24 * run, 24 * run + 24))]);
    expect([...turnedRow(row, 24)]).toEqual(runs.flat());
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
    ['one large channel', 128, (i: number) => (i === 77 ? 1000 : 1)],
    ['one large channel', 45, (i: number) => (i === 7 ? 1000 : 1)],
    ['one large channel', 11008, (i: number) => (i === 7007 ? 1e5 : 1)],
    ['three large channels side by side', 4096, (i: number) => (i >> 2 === 9 ? 1000 : 1)],
    ['equal numbers', 128, () => 1000],
  ])('spread %s over %i', (_, width, of) => {
    const row = Float32Array.from({ length: width }, (_, i) => of(i));
    const largest = Math.max(...turnedRow(row).map(Math.abs));
    const size = Math.sqrt(dot(row, row) / width);
    expect(largest / size, 'the largest over the root mean square').toBeLessThan(5.5);
  });
});
