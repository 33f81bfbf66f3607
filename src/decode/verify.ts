import type { DraftTree } from '../contracts/drafter.ts';

/** What the target keeps of a tree. */
export interface Accepted {
  /** Nodes kept, the root first. */
  readonly path: Int32Array; // [a + 1]
  /** Drafted tokens kept. */
  readonly tokens: Int32Array; // [a]
  /** The target's own next token: the root of the next round. */
  readonly bonus: number;
}

/**
 * One walk from the root: take the target's own token at the node; follow the child that carries it, or stop there.
 *
 * `pick` is asked once for each node of the path, with the drafted tokens that lead there: the argmax when greedy, else
 * the sample that the token's position draws. Tree children are deterministic guesses, so this has the law of speculative sampling (accept a child with the
 * target's probability, else draw from the rest), and the tokens are those of plain decoding with the same draws.
 */
export function verify(
  tree: DraftTree,
  pick: (node: number, path: readonly number[]) => number,
): Accepted {
  const path = [0];
  const tokens: number[] = [];
  let node = 0;
  for (;;) {
    const token = pick(node, tokens);
    node = childWith(tree, node, token);
    if (node < 0)
      return { path: Int32Array.from(path), tokens: Int32Array.from(tokens), bonus: token };
    path.push(node);
    tokens.push(token);
  }
}

/** First child of a node that carries the token, or -1. */
function childWith({ tokens, parents }: DraftTree, node: number, token: number): number {
  for (let child = node + 1; child < tokens.length; child += 1) {
    if (parents[child] === node && tokens[child] === token) return child;
  }
  return -1;
}
