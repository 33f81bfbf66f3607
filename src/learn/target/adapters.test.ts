import { describe, expect, it } from 'vitest';
import type { MemoryTensor } from '../../contracts/checkpoint.ts';
import { floatTensor } from '../../contracts/session.ts';
import { llamaWeights } from '../../families/decoder/llama-weights.ts';
import { createGraph, input, output, weight } from '../../graph/graph.ts';
import { gemm } from '../../graph/operators/matrix.ts';
import { fedRefs } from '../../graph/testing/random-network.ts';
import { llamaShapes, SIZES } from '../../model/testing/random-llama.ts';
import { createSession } from '../../runtime/session.ts';
import { adapt, adaptedMatrices, initialFactors, merge } from './adapters.ts';

const [OUT, IN, RANK] = [3, 4, 2];
const SETTINGS = { rank: RANK, alpha: 6 };
const some = (length: number, step: number) =>
  Float32Array.from({ length }, (_, i) => Math.sin(i * step));
const held = (name: string, shape: readonly number[], data: Float32Array): MemoryTensor => ({
  ...{ name, shape, dtype: 'F32', data },
});

describe('low-rank adapters', () => {
  it('read through a graph as the merged matrix reads', async () => {
    const [w, a, b] = [some(OUT * IN, 1), some(RANK * IN, 2), some(OUT * RANK, 3)];
    const matrix = held('w', [OUT, IN], w);
    const graph = createGraph('adapted');
    const factors = { a: held('a', [RANK, IN], a), b: held('b', [OUT, RANK], b) };
    adapt(graph, [{ matrix, ...factors }], SETTINGS);
    const x = input(graph, 'x', 'float32', ['n', IN]);
    output('y', gemm(x, weight(graph, matrix)));
    const plain = createGraph('merged');
    const z = input(plain, 'x', 'float32', ['n', IN]);
    const merged = w.slice();
    merge(merged, a, b, SETTINGS);
    output('y', gemm(z, weight(plain, held('m', [OUT, IN], merged))));
    const feeds = { x: floatTensor(some(2 * IN, 5), [2, IN]) };
    const run = async (of: typeof graph) => {
      const session = await createSession(of, { device: 'cpu', threads: 1 });
      const { y } = await session.run(feeds, ['y']);
      await session.dispose();
      return Array.from(y?.data as Float32Array);
    };
    const [through, direct] = [await run(graph), await run(plain)];
    for (const [i, value] of through.entries()) expect(value).toBeCloseTo(direct[i] as number, 5);
  });

  it('begin without effect', () => {
    const random = (index: number) => (index % 10) / 10;
    const { a, b } = initialFactors({ name: 'm.weight', shape: [OUT, IN] }, RANK, random);
    const matrix = some(OUT * IN, 1);
    const before = matrix.slice();
    merge(matrix, a.data, b.data, SETTINGS);
    expect(matrix).toEqual(before);
    expect(
      a.data.some((x) => x !== 0),
      'the first factor is drawn',
    ).toBe(true);
  });

  it('sit on the matrices of the decoder’s layers and nowhere else', () => {
    const config = { ...SIZES, kvHeads: 2, tiedEmbeddings: false, qkvBias: true };
    const tensors = fedRefs(llamaShapes(config, ''));
    const weights = llamaWeights(tensors, config, { model: 'model.', head: 'lm_head.weight' });
    const names = [...adaptedMatrices(weights)].map(({ name }) => name);
    expect(names).toHaveLength(7 * SIZES.layers);
    expect(names).toContain('model.layers.1.mlp.down_proj.weight');
    expect(names.every((name) => /_proj\.weight$/.test(name))).toBe(true);
  });
});
