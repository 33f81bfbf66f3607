import { describe, expect, it } from 'vitest';
import { floatsOf, type Session } from '../../contracts/session.ts';
import type { Graph } from '../../graph/graph.ts';
import { createSession } from '../../runtime/session.ts';
import { rowsKeepApart } from './rows-keep-apart.ts';

const SMOLLM2 = { heads: 9, kvHeads: 3, headDim: 64, ropeTheta: 10000 };
const open = (threads: number) => (graph: Graph) =>
  createSession(graph, { device: 'cpu', threads });

/** A runtime that adds an ulp to a row's first number where the pass has many rows. */
const careless = async (graph: Graph): Promise<Session> => {
  const session = await open(1)(graph);
  return {
    ...session,
    async run(feeds, outputs) {
      const results = await session.run(feeds, outputs);
      const mixed = floatsOf(results, 'mixed');
      if ((feeds.x?.shape[0] ?? 0) > 20) mixed[0] = (mixed[0] as number) * (1 + 2 ** -22);
      return results;
    },
  };
};

describe('rowsKeepApart', () => {
  it.each([1, 2, 4])('holds for ONNX Runtime on the CPU with %i threads', async (threads) => {
    expect(await rowsKeepApart(open(threads), SMOLLM2)).toBe(true);
  });

  it.each([1, 4, 16])('holds for products in 4 bits, with %i threads', async (threads) => {
    expect(await rowsKeepApart(open(threads), SMOLLM2, { decoder: 'int4' })).toBe(true);
  });

  it('tells a runtime whose products in 4 bits alone differ', async () => {
    const isOurs = (graph: Graph) => graph.nodes.some(({ op }) => op.endsWith('MatMulNBits'));
    const runtime = (graph: Graph) => (isOurs(graph) ? careless(graph) : open(1)(graph));
    expect(await rowsKeepApart(runtime, SMOLLM2, { decoder: 'int4' })).toBe(false);
    expect(await rowsKeepApart(runtime, SMOLLM2, { decoder: 'w8a8' })).toBe(true);
  });

  it('tells a runtime whose rows differ in company by a last bit', async () => {
    expect(await rowsKeepApart(careless, SMOLLM2)).toBe(false);
  });

  it('finds that heads of 256 numbers are added in parts, and so in other orders', async () => {
    const wide = { ...SMOLLM2, heads: 8, kvHeads: 8, headDim: 256 };
    expect(await rowsKeepApart(open(1), wide)).toBe(false);
  });
});
