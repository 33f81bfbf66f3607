import type { DraftTree, TreeChoice, TreeShape } from '../contracts/drafter.ts';

/** Plain decoding is the round whose tree is only the root. */
export const PLAIN: TreeShape = { total: 1, depth: 0, topK: 1 };

/** The tree of plain decoding, and what a drafter without a guess proposes. */
export function rootTree(root: number): DraftTree {
  return {
    tokens: Int32Array.of(root),
    parents: Int32Array.of(-1),
    depths: Int32Array.of(0),
    scores: Float32Array.of(0),
  };
}

/** `T,D,K`, or `plain`. */
export function shapeName({ total, depth, topK }: TreeShape): string {
  return total === 1 ? 'plain' : `${total},${depth},${topK}`;
}

/** Deepest levels of a tree that is asked for by its rows, and candidates a node. */
const BEST_FIRST = { depth: 15, topK: 10 };

/** So many rows, the draft's likeliest. */
export function bestFirstShape(rows: number): TreeShape {
  if (rows < 2) return PLAIN;
  const depth = Math.min(BEST_FIRST.depth, rows - 2);
  return { total: rows, depth, topK: Math.min(BEST_FIRST.topK, rows - 1) };
}

/** What a request's tree is called: `T,D,K`, its rows, or `auto`. */
export const choiceName = (tree: TreeChoice): string =>
  typeof tree === 'object' ? shapeName(tree) : tree === 1 ? shapeName(PLAIN) : String(tree);

/** Drafted levels that a tree of this shape can have. */
export function shapeLevels({ total, depth }: TreeShape): number {
  return Math.min(total - 1, depth + 1);
}

/**
 * The shape without the levels that can't be emitted when `remaining` tokens may still be written: a path of d drafted
 * tokens is followed by a bonus token, so d is at most remaining - 1. It also keeps every node inside the context.
 */
export function fitShape(shape: TreeShape, remaining: number): TreeShape {
  if (remaining < 2) return PLAIN;
  const depth = Math.min(shape.depth, remaining - 2);
  return depth === shape.depth ? shape : { ...shape, depth };
}
