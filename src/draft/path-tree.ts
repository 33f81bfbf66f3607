import type { DraftTree, TreeShape } from '../contracts/drafter.ts';

/** A tree that grows by paths from its root; equal beginnings are stored once. */
interface PathTree {
  /** Adds a path below the root, up to where the tree is full or a node has no room for another child. */
  add(path: readonly number[]): void;
  build(): DraftTree;
}

/** @param shape at most `total` nodes, and `topK` children of each */
export function createPathTree(root: number, shape: Pick<TreeShape, 'total' | 'topK'>): PathTree {
  const nodes = [{ token: root, parent: -1, depth: 0 }];
  const children: Map<number, number>[] = [new Map()]; // of each node: token → child
  const childOf = (parent: number, token: number): number | undefined => {
    const siblings = children[parent] as Map<number, number>;
    const known = siblings.get(token);
    if (known !== undefined) return known;
    if (nodes.length >= shape.total || siblings.size >= shape.topK) return undefined;
    const child = nodes.length;
    nodes.push({ token, parent, depth: (nodes[parent]?.depth ?? 0) + 1 });
    children.push(new Map());
    siblings.set(token, child);
    return child;
  };
  return {
    add(path) {
      let node = 0;
      for (const token of path) {
        const child = childOf(node, token);
        if (child === undefined) return;
        node = child;
      }
    },
    build: () => ({
      tokens: Int32Array.from(nodes, ({ token }) => token),
      parents: Int32Array.from(nodes, ({ parent }) => parent),
      depths: Int32Array.from(nodes, ({ depth }) => depth),
    }),
  };
}
