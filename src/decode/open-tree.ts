import type { DraftTree } from '../contracts/drafter.ts';

/** A tree that is told of by two sources, while nodes are added. */
export interface OpenTree {
  /** Depth of a node. */
  depthOf(node: number): number;
  /** The child of a node that carries the token: the one that is there, or a new one of which nobody told yet. */
  child(parent: number, token: number): number;
  /** A source tells the chance of a node, its parent kept. */
  tell(source: 0 | 1, node: number, chance: number): void;
  /** The tree with all nodes, each scored by the surer of both. */
  close(): DraftTree & { readonly told: readonly Float64Array[] };
}

/** @param told by source: the chance of each node of the tree, its parent kept [n] */
export function openTree(
  tree: Pick<DraftTree, 'tokens' | 'parents' | 'depths'>,
  told: readonly [Float64Array, Float64Array],
): OpenTree {
  const [tokens, parents, depths] = [[...tree.tokens], [...tree.parents], [...tree.depths]];
  const chances: [number[], number[]] = [[...told[0]], [...told[1]]];
  const places = new Map(tokens.map((token, node) => [`${parents[node]} ${token}`, node]));
  return {
    depthOf: (node) => depths[node] as number,
    child(parent, token) {
      const path = `${parent} ${token}`;
      const known = places.get(path);
      if (known !== undefined) return known;
      const place = tokens.push(token) - 1;
      places.set(path, place);
      parents.push(parent);
      depths.push((depths[parent] as number) + 1);
      for (const source of chances) source.push(0);
      return place;
    },
    tell(source, node, chance) {
      chances[source][node] = chance;
    },
    close() {
      const scores = new Float32Array(tokens.length);
      for (let node = 1; node < tokens.length; node += 1) {
        const chance = Math.max(chances[0][node] ?? 0, chances[1][node] ?? 0);
        scores[node] = (scores[parents[node] as number] as number) + Math.log(chance);
      }
      return {
        scores,
        tokens: Int32Array.from(tokens),
        parents: Int32Array.from(parents),
        depths: Int32Array.from(depths),
        told: chances.map((source) => Float64Array.from(source)),
      };
    },
  };
}
