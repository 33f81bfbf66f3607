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
 * @param first candidates below the root [1, k]
 * @param expand one draft pass over a frontier of n nodes: their candidates [n, k]; called at most `depth` times
 * @throws NonFiniteFeatureError if a log-probability is NaN
 */
export async function growTree(
  root: number,
  first: Candidates,
  expand: (frontier: Frontier) => Promise<Candidates>,
  { total, depth, topK }: TreeShape,
): Promise<DraftTree> {
  const trunk: Node = { token: root, parent: null, parentRow: -1, depth: 0, score: 0, created: 0 };
  let kept: Node[] = [];
  let frontier = [trunk];
  let candidates = first;
  let created = 1;
  for (let level = 0; ; level += 1) {
    const children = childrenOf(frontier, candidates, topK, created);
    created += children.length;
    kept = best([...kept, ...children], total - 1);
    const bar = kept.length < total - 1 ? -Infinity : (kept.at(-1)?.score ?? Infinity);
    frontier = best(children, topK).filter(({ score }) => score > bar);
    if (level === depth || frontier.length === 0) break;
    candidates = await expand({
      tokens: Int32Array.from(frontier, ({ token }) => token),
      parents: Int32Array.from(frontier, ({ parentRow }) => parentRow),
      level,
    });
  }
  return treeOf([trunk, ...kept.sort((a, b) => a.created - b.created)]);
}

function childrenOf(
  parents: readonly Node[],
  { tokens, logProbs, k }: Candidates,
  topK: number,
  created: number,
): Node[] {
  const children: Node[] = [];
  parents.forEach((parent, row) => {
    for (let i = row * k; i < row * k + Math.min(k, topK); i += 1) {
      const logProb = logProbs[i] as number;
      if (Number.isNaN(logProb)) {
        throw new NonFiniteFeatureError(
          'The draft gave a log-probability that is not a number; check the draft checkpoint or draft with another drafter.',
        );
      }
      if (logProb === -Infinity) continue;
      children.push({
        token: tokens[i] as number,
        parent,
        parentRow: parent.depth === 0 ? -1 : row,
        depth: parent.depth + 1,
        // A log-softmax may round to just above 0; clamped, no child outranks its parent.
        score: Math.fround(parent.score + Math.min(logProb, 0)),
        created: created + children.length,
      });
    }
  });
  return children;
}

/** The n best by score; equal scores keep their order, which is that of creation. */
function best(nodes: readonly Node[], n: number): Node[] {
  return [...nodes].sort((a, b) => b.score - a.score).slice(0, n);
}

function treeOf(nodes: readonly Node[]): DraftTree {
  const place = new Map(nodes.map((node, i) => [node, i]));
  return {
    tokens: Int32Array.from(nodes, ({ token }) => token),
    parents: Int32Array.from(nodes, ({ parent }) => (parent && place.get(parent)) ?? -1),
    depths: Int32Array.from(nodes, ({ depth }) => depth),
  };
}
