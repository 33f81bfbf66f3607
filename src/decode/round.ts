import type {
  Drafter,
  DraftRows,
  DraftState,
  DraftTree,
  Hints,
  TreeShape,
} from '../contracts/drafter.ts';
import { type Asking, askDraft, askTarget } from '../contracts/need.ts';
import type { Forward, Likely, Sequence } from '../contracts/target.ts';
import { draftRows } from './draft-rows.ts';
import { type JoinedTree, joinTrees } from './join-trees.ts';
import type { IdLogprobs } from './logprobs.ts';
import type { Picker } from './sample.ts';
import { rootTree } from './tree-shape.ts';
import { treeStep } from './tree-step.ts';
import { type Accepted, verify } from './verify.ts';

/** Where a request stands between two target passes. */
export interface RoundInput {
  readonly sequence: Sequence;
  /** Null if nothing drafts: then no rows are kept for it. */
  readonly draft: { readonly drafter: Drafter; readonly state: DraftState } | null;
  /** Rows that the draft has not read yet: the prompt's, or those of the rounds since it last drafted. */
  readonly unread: readonly DraftRows[];
  /** The newest token: written, but not yet in the sequence. */
  readonly root: number;
  /** Rotary position of the root. */
  readonly position: number;
  /** PLAIN leaves the draft alone, with its rows unread. */
  readonly shape: TreeShape;
  /** What the draft is told of tokens that may be written. */
  readonly hints?: Hints;
  /** Guesses that cost no call, below the root: joined with the draft's, or alone where that is left alone. */
  readonly beside?: DraftTree | null;
  /** The part of what is proposed that is verified. Default all. */
  readonly cut?: (proposed: JoinedTree) => JoinedTree;
  readonly picker: Picker;
}

/** What one target pass gave. The next round takes `accepted.bonus` as its root, and `unread`. */
export interface Round {
  readonly proposed: JoinedTree;
  /** What was verified of it. */
  readonly tree: JoinedTree;
  readonly accepted: Accepted;
  readonly unread: readonly DraftRows[];
  /** What the target held likely behind each node of `tree`, where it tells. */
  readonly likely: Likely | null;
  /** Of the accepted tokens and the bonus, where the picker tells them. */
  readonly logprobs: readonly IdLogprobs[] | null; // [a + 1]
}

/**
 * One round of speculative decoding: the draft reads what is new and proposes a tree, one target pass judges all of
 * its nodes, and the path that the target agrees with is committed. Plain decoding is the same round with a tree of
 * the root alone, and picks each token at the same position: so both write the same text.
 *
 * @throws NonFiniteFeatureError if the pass is not finite; nothing is committed then
 */
export function* runRound(input: RoundInput): Asking<Round> {
  const { sequence, draft, unread, root, position, shape, hints, beside, cut, picker } = input;

  const drafts = draft !== null && shape.total > 1;
  const drafted =
    (drafts
      ? yield* askDraft(draft.drafter, {
          state: draft.state,
          rows: unread,
          grow: { ...hints, root, shape },
        })
      : null) ?? rootTree(root);
  const proposed = beside ? joinTrees(drafted, beside) : drafted;
  const tree = cut?.(proposed) ?? proposed;

  const forward = yield* askTarget(treeStep(sequence, tree, position, picker.want));

  const newest = sequence.length; // the root's position
  const accepted = verify(tree, (node, path) =>
    picker.pick(forward, node, newest + 1 + path.length, path),
  );
  sequence.commit(forward, accepted.path);
  const logprobs = picker.logprobs && pathLogprobs(picker.logprobs, forward, accepted);

  const rows = draftRows(forward.rows, accepted, position);
  const now = draft === null ? [] : drafts ? [rows] : [...unread, rows];
  const { likely = null } = forward;
  return { proposed, tree, accepted, unread: now, likely, logprobs };
}

/** Each token was picked at the node before it. */
function pathLogprobs(
  of: NonNullable<Picker['logprobs']>,
  forward: Forward,
  { path, tokens, bonus }: Accepted,
): IdLogprobs[] {
  return [...tokens, bonus].map((id, i) => of(forward, path[i] as number, id));
}
