import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DraftTree } from '../contracts/drafter.ts';
import { NO_CALIBRATION, observeWalk } from './calibration.ts';
import { type JoinedTree, joinTrees, toldBy } from './join-trees.ts';
import { keepNodes } from './keep-nodes.ts';
import { survivals } from './survivals.ts';
import { rootTree } from './tree-shape.ts';

/** Trees of few tokens, so that two of them share paths; siblings differ. */
const grown: fc.Arbitrary<DraftTree> = fc
  .array(fc.record({ parent: fc.nat(1000), token: fc.nat(3), share: fc.constantFrom(0.2, 0.5) }), {
    maxLength: 12,
  })
  .map((nodes) => {
    const [tokens, parents, depths, scores] = [[9], [-1], [0], [0]];
    for (const { parent, token, share } of nodes) {
      const at = parent % tokens.length;
      if (tokens.some((other, node) => other === token && parents[node] === at)) continue;
      tokens.push(token);
      parents.push(at);
      depths.push((depths[at] as number) + 1);
      scores.push((scores[at] as number) + Math.log(share));
    }
    return {
      tokens: Int32Array.from(tokens),
      parents: Int32Array.from(parents),
      depths: Int32Array.from(depths),
      scores: Float32Array.from(scores),
    };
  });

/** The path to each node, and what a source says of it. */
function pathsOf(tree: JoinedTree, source = 0): Map<string, number> {
  const paths = [''];
  const told = toldBy(tree, source);
  for (let node = 1; node < tree.tokens.length; node += 1) {
    paths.push(`${paths[tree.parents[node] as number]}/${tree.tokens[node]}`);
  }
  return new Map(paths.map((path, node) => [path, told[node] as number]));
}

describe('joinTrees', () => {
  it('has every path of both once, parents first, and what each source says of it', () => {
    fc.assert(
      fc.property(grown, grown, (draft, beside) => {
        const joined = joinTrees(draft, beside);
        const [a, b] = [pathsOf(draft), pathsOf(beside)];
        const union = new Set([...a.keys(), ...b.keys()]);
        expect(new Set(pathsOf(joined).keys())).toEqual(union);
        expect(joined.tokens.length).toBe(union.size);
        for (const [node, parent] of joined.parents.entries()) expect(parent).toBeLessThan(node);
        for (const [source, own] of [a, b].entries()) {
          for (const [path, told] of pathsOf(joined, source)) {
            expect(told).toBeCloseTo(own.get(path) ?? 0);
          }
        }
      }),
    );
  });

  it('is cut with what its sources say', () => {
    fc.assert(
      fc.property(grown, grown, fc.nat(20), (draft, beside, count) => {
        const joined = joinTrees(draft, beside);
        const kept = keepNodes(joined, [...joined.tokens.keys()].slice(0, 1 + count));
        for (const source of [0, 1]) {
          const whole = pathsOf(joined, source);
          for (const [path, told] of pathsOf(kept, source)) expect(told).toBe(whole.get(path));
        }
      }),
    );
  });
});

const node = (token: number, chance: number): DraftTree => ({
  tokens: Int32Array.of(9, token),
  parents: Int32Array.of(-1, 0),
  depths: Int32Array.of(0, 1),
  scores: Float32Array.of(0, Math.log(chance)),
});
const NOTHING = [NO_CALIBRATION, NO_CALIBRATION] as const;

describe('survivals of a joined tree', () => {
  it('give children no more than their parent has', () => {
    fc.assert(
      fc.property(grown, grown, (draft, beside) => {
        const joined = joinTrees(draft, beside);
        const chances = survivals(joined, NOTHING);
        const below = new Float64Array(chances.length);
        for (const [at, parent] of joined.parents.entries()) {
          if (parent >= 0) below[parent] = (below[parent] as number) + (chances[at] as number);
        }
        for (const [at, sum] of below.entries()) {
          expect(sum).toBeLessThanOrEqual((chances[at] as number) + 1e-9);
        }
      }),
    );
  });

  it('believe the surer of two that say the same', () => {
    expect(survivals(joinTrees(node(1, 0.3), node(1, 0.8)), NOTHING)[1]).toBeCloseTo(0.8);
  });

  it('believe a source by what became of its own nodes alone', () => {
    const rivals = joinTrees(node(1, 0.4), node(2, 0.4));
    let [first, second] = NOTHING as readonly [typeof NO_CALIBRATION, typeof NO_CALIBRATION];
    for (let round = 0; round < 60; round += 1) {
      // What the second proposes is always kept.
      first = observeWalk(first, rivals, [0, 2], toldBy(rivals, 0));
      second = observeWalk(second, rivals, [0, 2], toldBy(rivals, 1));
    }
    const [, wrong = 0, right = 0] = survivals(rivals, [first, second]);
    expect(wrong).toBeLessThan(0.05);
    expect(right).toBeGreaterThan(0.8);
    const alone = joinTrees(rootTree(9), node(2, 0.4));
    expect(survivals(alone, [first, second])[1]).toBeGreaterThan(0.8);
  });
});
