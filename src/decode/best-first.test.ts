import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DraftTree } from '../contracts/drafter.ts';
import { NonFiniteFeatureError } from '../contracts/errors.ts';
import { type BlockGuess, bestFirstTree } from './best-first.ts';
import { uniform } from './uniform.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);

/** A distribution over 2k tokens of which the k likeliest are candidates, and biases that turn their order round. */
function guessOf(slots: number, k: number, seed: number): BlockGuess {
  let drawn = 0;
  const draw = () => uniform(seed, drawn++);
  const logProbs = Array.from({ length: slots }, () => {
    const logits = Array.from({ length: 2 * k }, () => 6 * draw()).sort((a, b) => b - a);
    const total = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0));
    return logits.slice(0, k).map((logit) => logit - total);
  }).flat();
  return {
    slots,
    k,
    tokens: Int32Array.from({ length: slots * k }, (_, i) => 100 * Math.floor(i / k) + (i % k)),
    logProbs: Float32Array.from(logProbs),
    biases: Float32Array.from({ length: (slots - 1) * k * k }, () => 8 * draw() - 4),
    rootConfidence: 0.5,
    confidences: Float32Array.from({ length: (slots - 1) * k }, (_, i) => i / 64),
  };
}

const guesses = fc
  .record({
    slots: fc.integer({ min: 2, max: 4 }),
    k: fc.integer({ min: 1, max: 4 }),
    seed: fc.nat(1e6),
  })
  .map(({ slots, k, seed }) => guessOf(slots, k, seed));
const shapes = fc.record({
  total: fc.integer({ min: 1, max: 60 }),
  depth: fc.nat(5),
  topK: fc.integer({ min: 1, max: 6 }),
});

/** The probability of candidate v of a slot behind candidate u of the one before; what is no candidate has no bias. */
function probability({ k, logProbs, biases }: BlockGuess, slot: number, u: number, v: number) {
  const base = (w: number) => Math.exp(logProbs[slot * k + w] as number);
  const all = Array.from({ length: k }, (_, w) => w);
  if (slot === 0) return base(v);
  const weight = (w: number) => base(w) * Math.exp(biases[((slot - 1) * k + u) * k + w] as number);
  const rest = 1 - all.reduce((sum, w) => sum + base(w), 0);
  return weight(v) / (all.reduce((sum, w) => sum + weight(w), 0) + rest);
}

/** Every path within the shape, by its tokens, with its joint probability. */
function allPaths(guess: BlockGuess, depth: number, topK: number): Map<string, number> {
  const paths = new Map<string, number>();
  const walk = (path: readonly number[], joint: number) => {
    const slot = path.length;
    if (slot > depth || slot >= guess.slots) return;
    const children = Array.from({ length: guess.k }, (_, v) => ({
      v,
      p: probability(guess, slot, path.at(-1) ?? 0, v),
    }));
    for (const { v, p } of children.sort((a, b) => b.p - a.p).slice(0, topK)) {
      paths.set([...path, v].join(), joint * p);
      walk([...path, v], joint * p);
    }
  };
  walk([], 1);
  return paths;
}

/** A node's way from the root, by places among candidates. */
function pathOf({ tokens, parents }: DraftTree, node: number): string {
  const path: number[] = [];
  for (let at = node; at > 0; at = parents[at] as number)
    path.unshift((tokens[at] as number) % 100);
  return path.join();
}

describe('bestFirstTree', () => {
  it('has the likeliest of all paths, each with its joint probability, the likeliest first', () =>
    fc.assert(
      fc.property(guesses, shapes, (guess, shape) => {
        const tree = bestFirstTree(7, guess, shape);
        const paths = allPaths(guess, shape.depth, shape.topK);
        const scores = [...(tree.scores as Float32Array)];
        expect([tree.tokens[0], tree.parents[0], tree.depths[0], scores[0]]).toEqual([7, -1, 0, 0]);
        const found = [...scores.keys()].slice(1).map((node) => pathOf(tree, node));
        expect(new Set(found).size).toBe(found.length);
        for (const [i, path] of found.entries()) {
          const wanted = paths.get(path) as number;
          expect(Math.exp(scores[i + 1] as number) / wanted, path).toBeCloseTo(1, 4);
        }
        const best = [...paths.values()].sort((a, b) => b - a).slice(0, shape.total - 1);
        expect(found.length).toBe(best.length);
        for (const [i, joint] of best.entries()) {
          expect(Math.exp(scores[i + 1] as number) / joint, `node ${i + 1}`).toBeCloseTo(1, 4);
        }
      }),
      { numRuns },
    ));

  it('is a tree wherever it is cut, no node above its parent', () =>
    fc.assert(
      fc.property(guesses, shapes, (guess, shape) => {
        const { tokens, parents, depths, scores } = bestFirstTree(7, guess, shape);
        const score = (node: number) => (scores as Float32Array)[node] as number;
        for (let node = 1; node < tokens.length; node++) {
          const parent = parents[node] as number;
          expect(parent).toBeLessThan(node);
          expect(depths[node]).toBe((depths[parent] as number) + 1);
          expect(score(node)).toBeLessThanOrEqual(score(parent));
          expect(score(node)).toBeLessThanOrEqual(score(node - 1));
        }
        for (const total of [1, 2, shape.total].filter((total) => total <= shape.total)) {
          const shorter = bestFirstTree(7, guess, { ...shape, total });
          expect(shorter.tokens).toEqual(tokens.slice(0, shorter.tokens.length));
        }
      }),
      { numRuns },
    ));

  it('tells how sure the draft is behind each node, and nothing behind its last slot', () =>
    fc.assert(
      fc.property(guesses, shapes, (guess, shape) => {
        const { tokens, depths, confidences } = bestFirstTree(7, guess, shape);
        for (const [node, depth] of depths.entries()) {
          const at = (depth - 1) * guess.k + ((tokens[node] as number) % 100);
          const wanted = depth === 0 ? 0.5 : depth === guess.slots ? 0 : at / 64;
          expect(confidences?.[node], `node ${node}`).toBe(wanted);
        }
      }),
      { numRuns },
    ));

  it('says that the draft computed a number that is none', () => {
    const guess = guessOf(3, 2, 1);
    const shape = { total: 60, depth: 5, topK: 4 };
    for (const part of ['logProbs', 'biases'] as const) {
      const spoilt = { ...guess, [part]: guess[part].map(() => Number.NaN) };
      expect(() => bestFirstTree(7, spoilt, shape)).toThrow(NonFiniteFeatureError);
    }
  });
});
