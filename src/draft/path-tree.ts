import type { DraftTree } from '../contracts/drafter.ts';

/** A tree that grows by paths from its root; equal beginnings are stored once. */
interface PathTree {
  /** Adds a path below the root, up to where the tree is full. */
  add(path: readonly number[]): void;
  build(): DraftTree;
}

/** @param total most nodes, root included */
export function createPathTree(root: number, total: number): PathTree {
  const nodes = [{ token: root, parent: -1, depth: 0 }];
  const children: Map<number, number>[] = [new Map()]; // of each node: token → child
  const childOf = (parent: number, token: number): number | undefined => {
    const siblings = children[parent] as Map<number, number>;
    const known = siblings.get(token);
    if (known !== undefined) return known;
    if (nodes.length >= total) return undefined;
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
