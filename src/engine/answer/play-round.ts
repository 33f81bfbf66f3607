import type { TreeShape } from '../../contracts/drafter.ts';
import { type Asking, askDraft, tell } from '../../contracts/need.ts';
import { levelStats } from '../../decode/level-stats.ts';
import { choose, observe, type Plan } from '../../decode/planner.ts';
import { runRound } from '../../decode/round.ts';
import { fitShape, PLAIN } from '../../decode/tree-shape.ts';
import type { AnswerState } from './answer-state.ts';
import { planOf } from './auto-plan.ts';
import type { Conversation } from './conversations.ts';
import { between } from './ledger.ts';

/**
 * The next unit of an answer: a round, or, before a tree is drafted from rows that the draft never read (the prompt,
 * and rounds without a draft), a piece of that reading, so that no round takes the blame for it.
 */
export function* playRound(state: AnswerState): Asking<void> {
  const { context, drafter, conversation, writer, picker, ledger, rounds } = state;
  const plan = planOf(context, drafter);
  const shape = nextShape(state, plan);
  const late = shape.total > 1 ? lateRows(conversation, rounds.length === 0) : 0;
  if (late > 0) return yield* readLate(state, late);

  const before = ledger.spent();
  const { sequence, draft } = conversation;
  const { tree, accepted, unread, logprobs } = yield* runRound({
    sequence,
    draft: draft === null ? null : { drafter, state: draft },
    unread: conversation.unread,
    root: writer.ids.at(-1) as number,
    position: sequence.nextPosition,
    shape,
    picker,
  });
  conversation.unread = unread;
  const ids = [...accepted.tokens, accepted.bonus];
  const drafted = accepted.tokens.length;
  const events = ids.flatMap(
    (id, index) => writer.write(id, index < drafted, logprobs?.[index]) ?? [],
  );
  const stats = {
    nodes: tree.tokens.length,
    accepted: Math.min(drafted, events.length),
    levels: levelStats(tree),
    ...between(before, ledger.spent()),
  };
  rounds.push({ shape, stats });
  // A round that ends the answer counts by what it wrote: a tree that reaches past the end has not paid.
  const paid = { ...stats, accepted: events.length - 1 };
  context.plans.set(drafter.name, observe(planOf(context, drafter), shape, paid));
  yield* tell([...events, { type: 'round', round: stats }]);
}

/** What the request forces, or what the plan holds best, without levels that could not be written any more. */
function nextShape({ context, request, drafter, writer }: AnswerState, plan: Plan): TreeShape {
  if (!drafter.drafts || !context.model.rowsKeepApart) return PLAIN;
  const wanted = request.tree === 'auto' ? choose(plan) : request.tree;
  return fitShape(wanted, writer.left);
}

/** Pieces that the draft is to read beforehand: all but those of the last round, which the next one reads itself. */
function lateRows({ draft, unread }: Conversation, first: boolean): number {
  return draft === null ? 0 : unread.length - (first ? 0 : 1);
}

/** Most rows that the draft reads in one unit. */
const LATE_ROWS = 512;

/** Lets the draft read some of the first `late` unread pieces. */
function* readLate({ drafter, conversation }: AnswerState, late: number): Asking<void> {
  const { draft, unread } = conversation;
  if (draft === null) return;
  let [pieces, rows] = [0, 0];
  while (pieces < late && (pieces === 0 || rows < LATE_ROWS)) {
    rows += unread[pieces]?.next.length ?? 0;
    pieces += 1;
  }
  yield* askDraft(drafter, { state: draft, rows: unread.slice(0, pieces) });
  conversation.unread = unread.slice(pieces);
}
