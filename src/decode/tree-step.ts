import type { DraftTree } from '../contracts/drafter.ts';
import type { Sequence, Step, Want } from '../contracts/target.ts';
import { onAllAxes } from './draft-rows.ts';

/**
 * A tree as rows of a target pass: every node sees the committed text and its own ancestors, and all heads are wanted.
 *
 * @param position rotary position of the root, the next after the committed text
 */
export function treeStep(sequence: Sequence, tree: DraftTree, position: number, want: Want): Step {
  return {
    sequence,
    ids: tree.tokens,
    parents: tree.parents,
    positions: onAllAxes(tree.depths.map((depth) => position + depth)),
    heads: tree.tokens.map((_, node) => node),
    want,
  };
}
