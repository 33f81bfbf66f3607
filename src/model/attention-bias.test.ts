import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attentionBias, type BiasBlock } from './attention-bias.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);

/** Parents of up to `most` rows, each before its children. */
const parents = (most: number): fc.Arbitrary<Int32Array> =>
  fc
    .array(fc.nat(), { maxLength: most })
    .map((draws) => Int32Array.from(draws, (draw, row) => (draw % (row + 1)) - 1));

/** Sequences side by side in a cache of some capacity, gaps between and behind them. */
const passes = fc
  .array(fc.record({ gap: fc.nat(3), pastLength: fc.nat(9), parents: parents(9) }), {
    maxLength: 4,
  })
  .chain((blocks) => {
    let used = 0;
    const placed = blocks.map(({ gap, ...block }): BiasBlock => {
      const pastStart = used + gap;
      used = pastStart + block.pastLength;
      return { pastStart, ...block };
    });
    return fc.record({ blocks: fc.constant(placed), capacity: fc.integer({ min: used, max: 60 }) });
  });

/** Row by row: walk up from the row and see what is met, and all that is committed. */
function reference(blocks: readonly BiasBlock[], capacity: number): number[][] {
  const n = blocks.reduce((sum, block) => sum + block.parents.length, 0);
  let first = 0;
  return blocks.flatMap(({ pastStart, pastLength, parents }) => {
    const start = capacity + first;
    first += parents.length;
    return Array.from(parents, (_, row) => {
      const seen = new Set<number>();
      for (let i = 0; i < pastLength; i++) seen.add(pastStart + i);
      for (let at = row; at >= 0; at = parents[at] as number) seen.add(start + at);
      return Array.from({ length: capacity + n }, (_, column) =>
        seen.has(column) ? 0 : -Infinity,
      );
    });
  });
}

describe('attentionBias', () => {
  it('shows each row its committed columns, its ancestors and itself, and nothing else', () => {
    fc.assert(
      fc.property(passes, ({ blocks, capacity }) => {
        const bias = attentionBias(blocks, capacity);
        expect([...bias]).toEqual(reference(blocks, capacity).flat());
      }),
      { numRuns },
    );
  });

  it('is causal for a chain', () => {
    const chain = { pastStart: 0, pastLength: 1, parents: Int32Array.of(-1, 0, 1) };
    const hidden = -Infinity;
    expect([...attentionBias([chain], 2)]).toEqual([
      ...[0, hidden, 0, hidden, hidden],
      ...[0, hidden, 0, 0, hidden],
      ...[0, hidden, 0, 0, 0],
    ]);
  });
});
