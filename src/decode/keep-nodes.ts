import type { JoinedTree } from './join-trees.ts';

/** The nodes of a tree, the likeliest first, none before its parent. */
export function bestFirst(chances: Float64Array): Int32Array {
  // A child is no likelier than its parent and stands behind it, and sorting keeps the order of equals.
  return Int32Array.from(
    [...chances.keys()].sort((a, b) => (chances[b] as number) - (chances[a] as number)),
  );
}

/** The tree of some of the nodes, with each its parent; they keep their order. */
export function keepNodes(tree: JoinedTree, nodes: Iterable<number>): JoinedTree {
  const kept = Int32Array.from(nodes).sort();
  if (kept.length === tree.tokens.length) return tree;
  const places = new Int32Array(tree.tokens.length).fill(-1);
  for (const [place, node] of kept.entries()) places[node] = place;
  const of = (values: Int32Array) => Int32Array.from(kept, (node) => values[node] as number);
  const { scores, told } = tree;
  return {
    tokens: of(tree.tokens),
    parents: of(tree.parents).map((parent) => (parent < 0 ? parent : (places[parent] as number))),
    depths: of(tree.depths),
    ...(scores && { scores: Float32Array.from(kept, (node) => scores[node] as number) }),
    ...(told && {
      told: told.map((chances) => Float64Array.from(kept, (node) => chances[node] as number)),
    }),
  };
}
