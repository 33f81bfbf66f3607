import type { DraftRows, DraftState, DraftTree, TreeShape } from '../contracts/drafter.ts';
import type { Forward, Sequence, Target } from '../contracts/target.ts';
import { draftRows, joinDraftRows } from './draft-rows.ts';
import { rootTree } from './root-tree.ts';
import type { Picker } from './sample.ts';
import { treeStep } from './tree-step.ts';
import { type Accepted, verify } from './verify.ts';

/** Where a request stands between two target passes. */
export interface RoundInput {
  readonly target: Target;
  readonly sequence: Sequence;
  /** Null if nothing drafts: then no rows are kept for it. */
  readonly draft: DraftState | null;
  /** Rows that the draft has not read yet: the prompt's, or those of the rounds since it last drafted. */
  readonly unread: readonly DraftRows[];
  /** The newest token: written, but not yet in the sequence. */
  readonly root: number;
  /** Rotary position of the root. */
  readonly position: number;
  /** PLAIN leaves the draft alone, with its rows unread. */
  readonly shape: TreeShape;
  readonly picker: Picker;
}

/** What one target pass gave. The next round takes `accepted.bonus` as its root, and `unread`. */
export interface Round {
  readonly tree: DraftTree;
  readonly accepted: Accepted;
  readonly unread: readonly DraftRows[];
}

/**
 * One round of speculative decoding: the draft reads what is new and proposes a tree, one target pass judges all of
 * its nodes, and the path that the target agrees with is committed. Plain decoding is the same round with a tree of
 * the root alone, and picks each token at the same position: so both write the same text.
 *
 * @throws NonFiniteFeatureError if the pass is not finite at a kept node; nothing is committed then
 */
export async function runRound(input: RoundInput): Promise<Round> {
  const { target, sequence, draft, root, position, shape, picker } = input;

  const drafts = draft !== null && shape.total > 1;
  const tree = drafts ? await propose(draft, input) : rootTree(root);

  const step = treeStep(sequence, tree, position);
  const [forward] = (await target.forward([step], picker.want)) as [Forward];

  const newest = sequence.length; // the root's position
  const accepted = verify(tree, (node) =>
    picker.pick(forward, node, newest + (tree.depths[node] as number) + 1),
  );
  const rows = draftRows(forward, accepted, position);
  sequence.commit(forward, accepted.path);

  const unread = draft === null ? [] : drafts ? [rows] : [...input.unread, rows];
  return { tree, accepted, unread };
}

async function propose(draft: DraftState, { unread, root, shape }: RoundInput): Promise<DraftTree> {
  if (unread.length > 0) await draft.extend(joinDraftRows(unread));
  return draft.propose(root, shape);
}
