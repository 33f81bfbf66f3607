import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DraftTree, TreeShape } from '../contracts/drafter.ts';
import { NonFiniteFeatureError } from '../contracts/errors.ts';
import { type Candidates, type Frontier, growTree } from './grow-tree.ts';
import { toyLanguage } from './testing/toy-language.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);

/** A toy draft: candidates by the path from the root. Coarse steps make many ties; some tokens are masked. */
interface ToyDraft {
  readonly seed: number;
  readonly width: number;
  readonly steps: number;
  readonly masked: number;
}

const toyDraft: fc.Arbitrary<ToyDraft> = fc.record({
  seed: fc.integer({ min: 0, max: 1e6 }),
  width: fc.integer({ min: 1, max: 12 }),
  steps: fc.constantFrom(1, 2, 4, 1000),
  masked: fc.constantFrom(0, 0.2, 0.9),
});

const shapes: fc.Arbitrary<TreeShape> = fc.record({
  total: fc.integer({ min: 1, max: 64 }),
  depth: fc.integer({ min: 0, max: 6 }),
  topK: fc.integer({ min: 1, max: 10 }),
});

/** [token, log-probability] of each candidate after a path, best first. */
function guess({ seed, width, steps, masked }: ToyDraft, path: readonly number[]) {
  const row = [...toyLanguage(2 * width, 8, seed, 1).logits(path)];
  return row
    .slice(0, width)
    .map((value, i) => {
      const hidden = (row[width + i] as number) + 0.5 < masked;
      return [i + 1, hidden ? -Infinity : -Math.round((0.5 - value) * steps) / steps] as const;
    })
    .sort((a, b) => b[1] - a[1]);
}

function candidates(draft: ToyDraft, paths: readonly (readonly number[])[]): Candidates {
  const rows = paths.map((path) => guess(draft, path));
  return {
    tokens: Int32Array.from(rows.flat(), ([token]) => token),
    logProbs: Float32Array.from(rows.flat(), ([, logProb]) => logProb),
    rows: rows.length,
    k: draft.width,
  };
}

function grown(draft: ToyDraft, shape: TreeShape) {
  let paths: number[][] = [[0]];
  return growBy(candidates(draft, paths), shape, ({ tokens, parents }) => {
    const above = paths;
    paths = [...tokens].map((token, i) => {
      return [...(above[Math.max(0, parents[i] as number)] as number[]), token];
    });
    return candidates(draft, paths);
  });
}

/** The tree below a root 0, and the frontiers that were expanded for it. */
function growBy(first: Candidates, shape: TreeShape, expand: (frontier: Frontier) => Candidates) {
  const frontiers: Frontier[] = [];
  const growth = growTree(0, first, shape);
  let level = growth.next();
  while (!level.done) {
    frontiers.push(level.value);
    level = growth.next(expand(level.value));
  }
  return { tree: level.value, frontiers };
}

/** The published construction with explicit parents: every level is expanded, and the best are chosen at the end. */
function reference(draft: ToyDraft, { total, depth, topK }: TreeShape): DraftTree {
  type Node = { path: number[]; parent: number; score: number };
  const nodes: Node[] = [{ path: [0], parent: -1, score: 0 }];
  const ranked = (some: number[]) =>
    some.sort((a, b) => (nodes[b]?.score ?? 0) - (nodes[a]?.score ?? 0) || a - b);
  let beam = [0];
  for (let level = 0; level <= depth; level += 1) {
    const born: number[] = [];
    for (const parent of beam) {
      const { path, score } = nodes[parent] as Node;
      for (const [token, logProb] of guess(draft, path).slice(0, topK)) {
        if (logProb === -Infinity) continue;
        const sum = Float32Array.of(score, logProb);
        born.push(nodes.length);
        nodes.push({
          path: [...path, token],
          parent,
          score: Math.fround((sum[0] as number) + (sum[1] as number)),
        });
      }
    }
    beam = ranked(born).slice(0, topK);
  }
  const drafted = ranked(nodes.map((_, i) => i).slice(1)).slice(0, total - 1);
  const kept = [0, ...drafted.sort((a, b) => a - b)];
  const of = kept.map((i) => nodes[i] as Node);
  return {
    tokens: Int32Array.from(of, ({ path }) => path.at(-1) as number),
    parents: Int32Array.from(of, ({ parent }) => kept.indexOf(parent)),
    depths: Int32Array.from(of, ({ path }) => path.length - 1),
    scores: Float32Array.from(of, ({ score }) => score),
  };
}

describe('growTree', () => {
  it('equals the published construction node for node, ties and masked tokens included', () => {
    fc.assert(
      fc.property(toyDraft, shapes, (draft, shape) => {
        expect(grown(draft, shape).tree).toEqual(reference(draft, shape));
      }),
      { numRuns },
    );
  });

  it('keeps parents before children, one deeper, and siblings apart', () => {
    fc.assert(
      fc.property(toyDraft, shapes, (draft, shape) => {
        const { tokens, parents, depths } = grown(draft, shape).tree;
        const edges = new Set<string>();
        parents.forEach((parent, node) => {
          if (node === 0) return;
          expect(parent).toBeGreaterThanOrEqual(0);
          expect(parent).toBeLessThan(node);
          expect(depths[node]).toBe((depths[parent] as number) + 1);
          edges.add(`${parent} ${tokens[node]}`);
        });
        expect(edges.size).toBe(tokens.length - 1);
        expect(tokens.length).toBeLessThanOrEqual(shape.total);
      }),
      { numRuns },
    );
  });

  it('expands no node twice, at most topK at once, best first, on at most depth passes', () => {
    fc.assert(
      fc.property(toyDraft, shapes, (draft, shape) => {
        const { frontiers } = grown(draft, shape);
        expect(frontiers.length).toBeLessThanOrEqual(shape.depth);
        frontiers.forEach(({ tokens, parents, level }, i) => {
          expect(level).toBe(i);
          expect(tokens.length).toBeGreaterThan(0);
          expect(tokens.length).toBeLessThanOrEqual(shape.topK);
          expect(new Set([...tokens].map((token, n) => `${parents[n]} ${token}`)).size).toBe(
            tokens.length,
          );
        });
      }),
      { numRuns },
    );
  });

  it('asks for no draft pass when only the root is wanted', () => {
    const draft = { seed: 1, width: 4, steps: 1000, masked: 0 };
    const { tree, frontiers } = grown(draft, { total: 1, depth: 5, topK: 4 });
    expect(frontiers).toEqual([]);
    expect([...tree.tokens]).toEqual([0]);
  });

  it('saves the passes that can change nothing', () => {
    const passes = Array.from({ length: 50 }, (_, seed) => {
      const draft = { seed, width: 10, steps: 1000, masked: 0 };
      return grown(draft, { total: 8, depth: 5, topK: 10 }).frontiers;
    });
    const rows = passes.flat().reduce((sum, { tokens }) => sum + tokens.length, 0);
    expect(passes.flat().length / 50).toBeLessThan(4);
    expect(rows / 50).toBeLessThan(15); // 50 without pruning
  });

  it('draws a chain along the likeliest token when the beam has one place', () => {
    const draft = { seed: 3, width: 5, steps: 1000, masked: 0 };
    const { tree } = grown(draft, { total: 4, depth: 5, topK: 1 });
    expect([...tree.parents]).toEqual([-1, 0, 1, 2]);
  });

  it('clamps a log-probability that rounding put above 0, so that the tree stays closed', () => {
    const above = (token: number): Candidates => {
      return { tokens: Int32Array.of(token), logProbs: Float32Array.of(1e-6), rows: 1, k: 1 };
    };
    const shape = { total: 3, depth: 5, topK: 1 };
    const { tree } = growBy(above(7), shape, ({ level }) => above(8 + level));
    expect(tree).toEqual({
      tokens: Int32Array.of(0, 7, 8),
      parents: Int32Array.of(-1, 0, 1),
      depths: Int32Array.of(0, 1, 2),
      scores: Float32Array.of(0, 0, 0),
    });
  });

  it('tells the joint log-probability of each node, never above its parent’s', () => {
    const logs = (token: number, logProb: number): Candidates => {
      return { tokens: Int32Array.of(token), logProbs: Float32Array.of(logProb), rows: 1, k: 1 };
    };
    const shape = { total: 3, depth: 5, topK: 1 };
    const { tree } = growBy(logs(7, -0.5), shape, () => logs(8, -0.25));
    expect([...(tree.scores ?? [])]).toEqual([0, -0.5, -0.75]);
  });

  it('refuses a draft that is not finite', () => {
    const broken = { tokens: Int32Array.of(7), logProbs: Float32Array.of(NaN), rows: 1, k: 1 };
    const fine = { ...broken, logProbs: Float32Array.of(-1) };
    const shape = { total: 3, depth: 1, topK: 1 };
    expect(() => growBy(broken, shape, () => fine)).toThrow(NonFiniteFeatureError);
    expect(() => growBy(fine, shape, () => broken)).toThrow(NonFiniteFeatureError);
  });
});
