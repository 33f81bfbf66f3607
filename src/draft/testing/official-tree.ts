import type { DraftTree, TreeShape } from '../../contracts/drafter.ts';
import type { Candidates, Frontier } from '../../decode/grow-tree.ts';
import { largest } from './largest.ts';

/**
 * The published construction to the letter (`topK_genrate`, Lyn-Lucy/MSD), for comparison: all levels are expanded,
 * candidates are chosen as torch.topk chooses them, and parents are found by searching the kept indices. Where
 * scores tie at the cut, a child may be kept without its parent; it then hangs from whatever the search finds.
 */
export function* officialTree(
  root: number,
  first: Candidates,
  { total, depth, topK: k }: TreeShape,
): Generator<Frontier, DraftTree, Candidates> {
  const tokens = Array.from(first.tokens.subarray(0, k));
  const scores = Array.from(first.logProbs.subarray(0, k));
  const parents: number[] = [0]; // of every group of k candidates
  let frontier = {
    tokens: Int32Array.from(tokens),
    rows: new Int32Array(k).fill(-1),
    scores: Float32Array.from(scores),
  };
  let places = Array.from({ length: k }, (_, i) => i); // of the frontier among its level's candidates
  for (let level = 0; level < depth; level++) {
    const found = yield { tokens: frontier.tokens, parents: frontier.rows, level };
    const bias = 1 + k * k * Math.max(0, level - 1) + (level > 0 ? k : 0);
    parents.push(...places.map((place) => place + bias));
    const sums = Float32Array.from({ length: k * k }, (_, i) => {
      const row = Math.floor(i / k);
      return (found.logProbs[row * found.k + (i % k)] as number) + (frontier.scores[row] as number);
    });
    const ids = Int32Array.from(
      sums,
      (_, i) => found.tokens[Math.floor(i / k) * found.k + (i % k)] as number,
    );
    tokens.push(...ids);
    scores.push(...sums);
    places = largest(sums, k);
    frontier = {
      tokens: Int32Array.from(places, (place) => ids[place] as number),
      rows: Int32Array.from(places, (place) => Math.floor(place / k)),
      scores: Float32Array.from(places, (place) => sums[place] as number),
    };
  }
  const kept = largest(Float32Array.from(scores), total - 1).sort((a, b) => a - b);
  return assemble(root, kept, tokens, parents, k);
}

function assemble(
  root: number,
  kept: readonly number[],
  tokens: readonly number[],
  groupParents: readonly number[],
  k: number,
): DraftTree {
  const parents = kept.map((index) => {
    const parent = groupParents[Math.floor(index / k)] as number; // 0: root, else candidate + 1
    if (parent === 0) return 0;
    const place = kept.findIndex((other) => other >= parent - 1);
    return (place < 0 ? kept.length : place) + 1;
  });
  const depths = [0];
  for (const parent of parents) depths.push((depths[parent] as number) + 1);
  return {
    tokens: Int32Array.from([root, ...kept.map((index) => tokens[index] as number)]),
    parents: Int32Array.from([-1, ...parents]),
    depths: Int32Array.from(depths),
  };
}
