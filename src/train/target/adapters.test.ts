import { describe, expect, it } from 'vitest';
import { floatTensor } from '../../contracts/session.ts';
import { createGraph, input, output, weight } from '../../graph/graph.ts';
import { gemm } from '../../graph/operators/matrix.ts';
import { f32, stored } from '../../graph/testing/stored.ts';
import { createSession } from '../../runtime/session.ts';
import { adapt, factorShapes, initialFactor, isAdapted, merge } from './adapters.ts';

const [OUT, IN, RANK] = [3, 4, 2];
const SETTINGS = { rank: RANK, alpha: 6 };
const some = (length: number, step: number) =>
  Float32Array.from({ length }, (_, i) => Math.sin(i * step));

describe('low-rank adapters', () => {
  it('read through a graph as the merged matrix reads', async () => {
    const [w, a, b] = [some(OUT * IN, 1), some(RANK * IN, 2), some(OUT * RANK, 3)];
    const refs = await stored({
      w: f32([OUT, IN], w),
      a: f32([RANK, IN], a),
      b: f32([OUT, RANK], b),
    });
    const graph = createGraph('adapted');
    adapt(graph, [{ matrix: refs.w, a: refs.a, b: refs.b }], SETTINGS);
    const x = input(graph, 'x', 'float32', ['n', IN]);
    output('y', gemm(x, weight(graph, refs.w)));
    const plain = createGraph('merged');
    const z = input(plain, 'x', 'float32', ['n', IN]);
    const merged = w.slice();
    merge(merged, a, b, SETTINGS);
    const { m } = await stored({ m: f32([OUT, IN], merged) });
    output('y', gemm(z, weight(plain, m)));
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
    const [a, b] = factorShapes(
      { name: 'm.weight', shape: [OUT, IN], dtype: 'F32', path: '', offset: 0, bytes: 0 },
      RANK,
    );
    const random = (index: number) => (index % 10) / 10;
    const matrix = some(OUT * IN, 1);
    const before = matrix.slice();
    merge(matrix, initialFactor(a, random), initialFactor(b, random), SETTINGS);
    expect(matrix).toEqual(before);
    expect(
      initialFactor(a, random).some((x) => x !== 0),
      'the first factor is drawn',
    ).toBe(true);
  });

  it('sit on the matrices of the decoder’s layers and nowhere else', () => {
    const names = [
      'language_model.model.layers.3.self_attn.q_proj.weight',
      'language_model.model.layers.0.mlp.down_proj.weight',
      'language_model.model.layers.0.input_layernorm.weight',
      'language_model.lm_head.weight',
      'vision_tower.vision_model.encoder.layers.0.self_attn.q_proj.weight',
    ];
    expect(names.filter(isAdapted)).toEqual(names.slice(0, 2));
  });
});
