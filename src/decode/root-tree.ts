import type { DraftTree } from '../contracts/drafter.ts';

/** The tree of the root alone: plain decoding, and what a drafter without a guess proposes. */
export function rootTree(root: number): DraftTree {
  return { tokens: Int32Array.of(root), parents: Int32Array.of(-1), depths: Int32Array.of(0) };
}
