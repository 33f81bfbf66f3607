import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { DraftTree } from '../contracts/drafter.ts';
import { bestFirst, keepNodes } from './keep-nodes.ts';

/** Trees whose nodes are no likelier than their parents, many of them as likely. */
const grown = fc
  .array(fc.record({ parent: fc.nat(1000), share: fc.constantFrom(0.2, 0.5, 1) }), {
    maxLength: 40,
  })
  .map((nodes) => {
    const [parents, depths, chances] = [[-1], [0], [1]];
    for (const [i, { parent, share }] of nodes.entries()) {
      const at = parent % (i + 1);
      parents.push(at);
      depths.push((depths[at] as number) + 1);
      chances.push((chances[at] as number) * share);
    }
    const tree: DraftTree = {
      tokens: Int32Array.from(parents, (_, i) => i),
      parents: Int32Array.from(parents),
      depths: Int32Array.from(depths),
      scores: Float32Array.from(chances, Math.log),
    };
    return { tree, chances: Float64Array.from(chances) };
  });

it('bestFirst puts no node before its parent or before a likelier one', () => {
  fc.assert(
    fc.property(grown, ({ tree, chances }) => {
      const order = bestFirst(chances);
      const place = new Map([...order].map((node, i) => [node, i]));
      for (const [i, node] of order.entries()) {
        if (i > 0)
          expect(chances[node]).toBeLessThanOrEqual(chances[order[i - 1] as number] as number);
        if (node > 0) expect(place.get(tree.parents[node] as number)).toBeLessThan(i);
      }
    }),
  );
});

it('keepNodes keeps tokens, depths, scores and who follows whom', () => {
  fc.assert(
    fc.property(grown, fc.nat(40), ({ tree, chances }, spare) => {
      const rows = 1 + (spare % tree.tokens.length);
      const kept = keepNodes(tree, bestFirst(chances).subarray(0, rows));
      expect(kept.tokens.length).toBe(rows);
      for (const [place, node] of kept.tokens.entries()) {
        const parent = kept.parents[place] as number;
        expect(parent).toBeLessThan(place);
        expect(parent < 0 ? -1 : kept.tokens[parent]).toBe(tree.parents[node]);
        expect(kept.depths[place]).toBe(tree.depths[node]);
        expect(kept.scores?.[place]).toBe(tree.scores?.[node]);
      }
    }),
  );
});
