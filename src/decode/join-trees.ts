import type { DraftTree } from '../contracts/drafter.ts';
import { toldChances } from './calibration.ts';
import { openTree } from './open-tree.ts';

/** A tree that is verified as one, and who guessed what of it: the draft, and whoever guesses beside it. */
export interface JoinedTree extends DraftTree {
  /** By source: the chance of each node, its parent kept, by its own word; 0 where it does not propose it. */
  readonly told?: readonly Float64Array[]; // of [n]
}

/** The chances that a source tells of a tree's nodes; a tree that was not joined is the first source's alone. */
export const toldBy = (tree: JoinedTree, source: number): Float64Array =>
  tree.told?.[source] ?? (source === 0 ? toldChances(tree) : new Float64Array(tree.tokens.length));

/** One tree of two below the same root; paths that both propose are there once. The draft's nodes stand first. */
export function joinTrees(draft: DraftTree, beside: DraftTree): JoinedTree {
  const both = openTree(draft, [toldChances(draft), new Float64Array(draft.tokens.length)]);
  const besideTold = toldChances(beside);
  const placeOf = new Int32Array(beside.tokens.length);
  for (let node = 1; node < beside.tokens.length; node += 1) {
    const parent = placeOf[beside.parents[node] as number] as number;
    const place = both.child(parent, beside.tokens[node] as number);
    both.tell(1, place, besideTold[node] as number);
    placeOf[node] = place;
  }
  return both.close();
}
