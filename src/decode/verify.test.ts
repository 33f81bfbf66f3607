import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DraftTree } from '../contracts/drafter.ts';
import { verify } from './verify.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);

/** A random tree over few tokens; siblings differ, as top-k candidates do. */
const trees: fc.Arbitrary<DraftTree> = fc
  .array(fc.tuple(fc.nat(), fc.nat(3)), { maxLength: 40 })
  .map((draws) => {
    const tokens = [0];
    const parents = [-1];
    for (const [at, token] of draws) {
      const parent = at % tokens.length;
      if (parents.some((other, i) => other === parent && tokens[i] === token)) continue;
      tokens.push(token);
      parents.push(parent);
    }
    const depths: number[] = [];
    for (const parent of parents) depths.push(parent < 0 ? 0 : (depths[parent] as number) + 1);
    return {
      tokens: Int32Array.from(tokens),
      parents: Int32Array.from(parents),
      depths: Int32Array.from(depths),
    };
  });

/** The published greedy rule: the row from root to leaf with the longest prefix that the target agrees with. */
function evaluatePosterior({ tokens, parents }: DraftTree, best: (node: number) => number) {
  const rows = [...tokens.keys()]
    .filter((node) => !parents.includes(node))
    .map((leaf) => {
      const row = [leaf];
      while (row[0] !== 0) row.unshift(parents[row[0] as number] as number);
      return row;
    });
  let kept = [0];
  for (const row of rows) {
    let n = 1;
    while (n < row.length && tokens[row[n] as number] === best(row[n - 1] as number)) n += 1;
    if (n > kept.length) kept = row.slice(0, n);
  }
  return { path: kept, bonus: best(kept.at(-1) as number) };
}

describe('verify', () => {
  it('keeps the longest path of the published greedy rule, and its bonus', () => {
    fc.assert(
      fc.property(trees, fc.array(fc.nat(3), { minLength: 41, maxLength: 41 }), (tree, picks) => {
        const best = (node: number) => picks[node] as number;
        const { path, tokens, bonus } = verify(tree, best);
        expect({ path: [...path], bonus }).toEqual(evaluatePosterior(tree, best));
        expect([...tokens]).toEqual([...path].slice(1).map((node) => tree.tokens[node]));
      }),
      { numRuns },
    );
  });

  it('asks for the token of each kept node once, with the path to it, and of no other', () => {
    fc.assert(
      fc.property(trees, fc.array(fc.nat(3), { minLength: 41, maxLength: 41 }), (tree, picks) => {
        const asked: number[] = [];
        const told: number[][] = [];
        const { path, tokens } = verify(tree, (node, drafted) => {
          asked.push(node);
          told.push([...drafted]);
          return picks[node] as number;
        });
        expect(asked).toEqual([...path]);
        expect(told).toEqual(asked.map((_, i) => [...tokens.subarray(0, i)]));
      }),
      { numRuns },
    );
  });

  it('follows the first of two children with the same token', () => {
    const tree = {
      tokens: Int32Array.of(9, 4, 4),
      parents: Int32Array.of(-1, 0, 0),
      depths: Int32Array.of(0, 1, 1),
    };
    expect([...verify(tree, () => 4).path]).toEqual([0, 1]);
  });
});
