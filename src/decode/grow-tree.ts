import type { DraftTree, TreeShape } from '../contracts/drafter.ts';
import { NonFiniteFeatureError } from '../contracts/errors.ts';

/** The draft's best next tokens of each frontier row, best first; -Infinity masks a token that must not be drafted. */
export interface Candidates {
  readonly tokens: Int32Array; // [rows, k]
  readonly logProbs: Float32Array; // [rows, k]
  readonly rows: number;
  readonly k: number;
}

/** The nodes that one draft pass expands, best first. */
export interface Frontier {
  readonly tokens: Int32Array; // [n], 1 <= n <= topK
  /** Row of the previous frontier that each node hangs from; -1 at level 0. */
  readonly parents: Int32Array; // [n]
  readonly level: number;
}

interface Node {
  readonly token: number;
  readonly parent: Node | null;
  /** The parent's row in the frontier that it was expanded in. */
  readonly parentRow: number;
  readonly depth: number;
  /** Sum of the path's log-probabilities, in float32 as the published code has it. */
  readonly score: number;
  readonly created: number;
}

/**
 * The dynamic tree of EAGLE-2 (`topK_genrate` in the published MSD code): expand the `topK` best nodes level by level,
 * keep the `total - 1` best of all by score, in order of creation, so that parents precede their children.
 *
 * A child never scores above its parent. So a node that is not above the worst of the kept ones has no descendant that
 * could still be kept: it is not expanded, and when no other is left the remaining draft passes are saved.
 *
 * Yields the nodes that a draft pass is to expand, n at a time and at most `depth` times, and is resumed with their
 * candidates [n, k]: trees of several texts can grow level by level in the same passes.
 *
 * @param first candidates below the root [1, k]
 * @throws NonFiniteFeatureError if a log-probability is NaN
 */
export function* growTree(
  root: number,
  first: Candidates,
  { total, depth, topK }: TreeShape,
): Generator<Frontier, DraftTree, Candidates> {
  const trunk: Node = { token: root, parent: null, parentRow: -1, depth: 0, score: 0, created: 0 };
  let kept: Node[] = []; // best first
  let bar = -Infinity; // what a node must score above to be kept
  let frontier = [trunk];
  let candidates = first;
  let created = 1;
  for (let level = 0; ; level += 1) {
    const children = childrenOf(frontier, candidates, topK, bar, created).sort(byScore);
    created += children.length;
    kept = bestOf(kept, children, total - 1);
    if (kept.length === total - 1) bar = kept.at(-1)?.score ?? Infinity;
    frontier = children.slice(0, topK).filter(({ score }) => score > bar);
    if (level === depth || frontier.length === 0) break;
    candidates = yield {
      tokens: Int32Array.from(frontier, ({ token }) => token),
      parents: Int32Array.from(frontier, ({ parentRow }) => parentRow),
      level,
    };
  }
  return treeOf([trunk, ...kept.sort((a, b) => a.created - b.created)], created);
}

/** The candidates that score above the bar, as nodes, numbered from `created` on. */
function childrenOf(
  parents: readonly Node[],
  { tokens, logProbs, k }: Candidates,
  topK: number,
  bar: number,
  created: number,
): Node[] {
  const children: Node[] = [];
  for (const [row, parent] of parents.entries()) {
    const parentRow = parent.depth === 0 ? -1 : row;
    for (let i = row * k; i < row * k + Math.min(k, topK); i += 1) {
      const logProb = logProbs[i] as number;
      if (Number.isNaN(logProb)) {
        throw new NonFiniteFeatureError(
          'The draft gave a log-probability that is not a number; check the draft checkpoint or draft with another drafter.',
        );
      }
      // A log-softmax may round to just above 0; clamped, no child outranks its parent.
      const score = Math.fround(parent.score + Math.min(logProb, 0));
      if (score <= bar) continue; // masked candidates never pass: -Infinity is the lowest bar
      children.push({
        token: tokens[i] as number,
        parent,
        parentRow,
        depth: parent.depth + 1,
        score,
        created: created + children.length,
      });
    }
  }
  return children;
}

const byScore = (a: Node, b: Node): number => b.score - a.score;

/** The n best of two lists that have their best first; of equals the older goes first. */
function bestOf(older: readonly Node[], newer: readonly Node[], n: number): Node[] {
  const merged: Node[] = [];
  let [i, j] = [0, 0];
  while (merged.length < n) {
    const [a, b] = [older[i], newer[j]];
    const next = a === undefined || (b !== undefined && b.score > a.score) ? b : a;
    if (next === undefined) break;
    merged.push(next);
    if (next === a) i += 1;
    else j += 1;
  }
  return merged;
}

/** @param created how many nodes were numbered */
function treeOf(nodes: readonly Node[], created: number): DraftTree {
  const places = new Int32Array(created); // of the kept nodes, by number
  const tree = {
    tokens: new Int32Array(nodes.length),
    parents: new Int32Array(nodes.length),
    depths: new Int32Array(nodes.length),
    scores: new Float32Array(nodes.length),
  };
  for (const [place, node] of nodes.entries()) {
    places[node.created] = place;
    tree.tokens[place] = node.token;
    tree.parents[place] = node.parent === null ? -1 : (places[node.parent.created] as number);
    tree.depths[place] = node.depth;
    tree.scores[place] = node.score;
  }
  return tree;
}
