import { describe, expect, it } from 'vitest';
import { floatsOf, floatTensor } from '../../../contracts/session.ts';
import { linear } from '../../../graph/blocks/linear.ts';
import { createGraph, input, output } from '../../../graph/graph.ts';
import { f32, stored } from '../../../graph/testing/stored.ts';
import { createSession } from '../../../runtime/session.ts';
import { converted, LAYOUTS } from './testing/converted.ts';

const [IN, OUT] = [576, 192];
const THREADS = [1, 2, 8];

describe.each(LAYOUTS)('a plain matrix beside one in %s', (_, kept) => {
  it.each(THREADS)('gives a row the same bits in any company, with %i threads', async (threads) => {
    const matrix = f32(
      [OUT, IN],
      Float32Array.from({ length: OUT * IN }, (_, i) => Math.sin(i * 0.7)),
    );
    const refs = await stored({ plain: matrix, packed: matrix });
    const [[packed] = []] = await converted([{ matrices: [refs.packed] }], kept);
    const graph = createGraph('mixed');
    const x = input(graph, 'x', 'float32', ['n', IN]);
    output('plain', linear(x, { weight: refs.plain }));
    output('packed', linear(x, { weight: packed ?? refs.packed }));
    const session = await createSession(graph, { device: 'cpu', threads });
    const row = Float32Array.from({ length: IN }, (_, i) => Math.cos(i * 1.3));
    const rowAmong = async (n: number, at: number) => {
      const rows = Float32Array.from({ length: n * IN }, (_, i) => Math.tan(i));
      rows.set(row, at * IN);
      const result = await session.run({ x: floatTensor(rows, [n, IN]) }, ['plain', 'packed']);
      return ['plain', 'packed'].map((name) =>
        floatsOf(result, name).slice(at * OUT, (at + 1) * OUT),
      );
    };
    const pair = await rowAmong(2, 0);
    for (const n of [2, 3, 6, 8, 16, 59, 64, 512]) {
      expect(await rowAmong(n, n - 1), `${n} rows`).toEqual(pair);
    }
    await session.dispose();
  });
});
