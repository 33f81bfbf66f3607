import type { DraftTree, TreeChoice } from '../../contracts/drafter.ts';
import { NO_CALIBRATION } from '../../decode/calibration.ts';
import { type Choice, chooseShape, unlooked } from '../../decode/choose-shape.ts';
import { cutTree } from '../../decode/cut-tree.ts';
import type { JoinedTree } from '../../decode/join-trees.ts';
import { bestFirst, keepNodes } from '../../decode/keep-nodes.ts';
import { createPlan, type Others, type Outlook, type Plan } from '../../decode/plan.ts';
import { survivals } from '../../decode/survivals.ts';
import { bestFirstShape, choiceName, fitShape, PLAIN, shapeName } from '../../decode/tree-shape.ts';
import { MOST_ROWS } from '../../model/lane-groups.ts';
import { MOST_TREE_ROWS } from '../../model/lane-map.ts';
import type { AnswerContext, AnswerState } from './answer-state.ts';

/** What a round asks of the draft, what it verifies of that, and what it is then called. */
export interface RoundTree {
  readonly choice: Choice;
  readonly cut: (proposed: JoinedTree) => JoinedTree;
  readonly name: (verified: DraftTree) => string;
}

/** Who guesses in an answer. */
export interface Guessing extends Pick<AnswerState, 'drafter' | 'beside'> {
  /** Not null where the answer keeps a grammar, which forces and forbids guesses. */
  readonly grammar: unknown;
}

const guessingName = (guessing: Guessing): string => {
  const beside = besideName(guessing);
  return beside === null ? guessing.drafter.name : `${guessing.drafter.name}+${beside}`;
};

/** Who guesses without a call: `recycled`, `grammar`, or both; null is nobody. */
export function besideName({
  beside,
  grammar,
}: Pick<Guessing, 'beside' | 'grammar'>): string | null {
  const names = [
    ...(beside === null ? [] : [beside.name]),
    ...(grammar === null ? [] : ['grammar']),
  ];
  return names.length === 0 ? null : names.join('+');
}

/** What is known about the trees of an answer: of rounds so far, or else from the costs measured at load. */
export const planOf = ({ plans, model }: AnswerContext, guessing: Guessing): Plan =>
  plans.get(guessingName(guessing)) ?? createPlan(model.costs, guessing.drafter);

/** Keeps what was learnt. */
export const keepPlan = ({ plans }: AnswerContext, guessing: Guessing, plan: Plan): void => {
  plans.set(guessingName(guessing), plan);
};

/** What passes cost now, and who else is in them. */
export const outlookOf = ({
  model,
  prices,
  others,
}: AnswerContext): Outlook & {
  readonly others: Others;
} => ({ costs: model.costs, prices: prices.now, others: others() });

/**
 * What the request forces, or what the plan holds best; without levels that could not be written any more.
 *
 * @param left tokens that may still be written
 * @param behind rows that the draft has yet to read apart from the round
 * @param free guesses that cost no call
 */
export function roundTree(
  context: AnswerContext,
  guessing: Guessing,
  tree: TreeChoice,
  left: number,
  behind: number,
  free: DraftTree | null,
): RoundTree {
  const all = (proposed: JoinedTree) => proposed;
  if (!guessing.drafter.drafts || !context.model.rowsKeepApart) {
    return { choice: unlooked(PLAIN), cut: all, name: () => shapeName(PLAIN) };
  }
  if (tree !== 'auto') {
    const asked = typeof tree === 'number' ? bestFirstShape(tree) : tree;
    const shape = fitShape(asked, left);
    const name =
      shape.total === 1 || typeof tree === 'object' ? shapeName(shape) : choiceName(tree);
    const cut = guessing.grammar === null ? all : likeliest(shape.total);
    return { choice: unlooked(shape), cut, name: () => name };
  }
  const choice = chooseShape(planOf(context, guessing), outlookOf(context), left, behind, free);
  return {
    choice,
    // Others have decided on theirs since then.
    cut: (proposed) =>
      cutTree(
        planOf(context, guessing),
        outlookOf(context),
        choice.shape,
        proposed,
        mostRows(context),
      ),
    name: ({ tokens }) => choiceName(tokens.length),
  };
}

/** The likeliest nodes of a tree that a grammar has made larger than was asked for. */
const likeliest =
  (rows: number) =>
  (tree: JoinedTree): JoinedTree => {
    const chances = survivals(tree, [NO_CALIBRATION, NO_CALIBRATION]);
    return keepNodes(tree, bestFirst(chances).subarray(0, rows));
  };

/** Whoever shares a pass finds room in it, and two more who come: the end of a prompt and a short one. */
const mostRows = ({ running }: AnswerContext): number =>
  Math.floor((MOST_ROWS - 2 * MOST_TREE_ROWS) / (running() + 1));
