import type { DraftTree, Hints } from '../../contracts/drafter.ts';
import { type Asking, askDraft, tell } from '../../contracts/need.ts';
import type { Likely } from '../../contracts/target.ts';
import { freeShape } from '../../decode/choose-shape.ts';
import { grammarTree } from '../../decode/grammar-tree.ts';
import type { JoinedTree } from '../../decode/join-trees.ts';
import { levelStats } from '../../decode/level-stats.ts';
import { observeReading, observeRound } from '../../decode/observe-round.ts';
import { learnPass, passPrice } from '../../decode/prices.ts';
import { runRound } from '../../decode/round.ts';
import { rootTree } from '../../decode/tree-shape.ts';
import { endingOf, markedLikely, TAIL } from '../../draft/recycle/named-text.ts';
import type { AnswerState } from './answer-state.ts';
import { keepPlan, outlookOf, planOf, roundTree } from './auto-plan.ts';
import type { Conversation } from './conversations.ts';
import { passTree } from './pass-tree.ts';
import { LEAST_PIECE, LONGEST_PIECE } from './piece-rows.ts';

/**
 * The next unit of an answer: a round, or, before a tree is drafted from rows that the draft never read (the prompt,
 * and rounds without a draft), a piece of that reading, so that no round takes the blame for it.
 */
export function* playRound(state: AnswerState): Asking<void> {
  const { context, request, drafter, conversation, writer, picker, ledger, rounds } = state;
  const late = latePieces(conversation, rounds.length === 0);
  const behind = countRows(conversation, late);
  // A planner that rests looks at nothing that is guessed without a call.
  const rests = request.tree === 'auto' && planOf(context, state).rest > 0;
  const kept = rests ? same : grammarOf(state);
  const free = rests ? null : freeTree(state, kept);
  const { choice, cut, name } = roundTree(context, state, request.tree, writer.left, behind, free);
  const { shape } = choice;
  if (shape.total > 1 && late > 0) return yield* readLate(state, late);

  const { sequence, draft } = conversation;
  const { proposed, tree, accepted, unread, likely, logprobs } = yield* runRound({
    sequence,
    draft: draft === null ? null : { drafter, state: draft },
    unread: conversation.unread,
    root: writer.ids.at(-1) as number,
    position: sequence.nextPosition,
    shape,
    hints: hintsOf(state),
    beside: free,
    cut: (proposed) => cut(kept(proposed)),
    picker,
  });
  conversation.unread = unread;
  if (likely !== null) recycle(state, tree, likely);
  const ids = [...accepted.tokens, accepted.bonus];
  const drafted = accepted.tokens.length;
  const sources = [drafter.name, state.beside?.name ?? null];
  const told = request.passes && passTree(tree, accepted.path, sources, context.model.tokenizer);
  const events = ids.flatMap((id, index) => {
    const event = writer.write(id, index < drafted, logprobs?.[index]);
    const by = told && index < drafted ? told.nodes[accepted.path[index + 1] as number]?.by : null;
    return event === null ? [] : by ? { ...event, by } : event;
  });
  const took = ledger.lap();
  const stats = {
    nodes: tree.tokens.length,
    asked: shape.total > 1,
    accepted: Math.min(drafted, events.length),
    levels: levelStats(tree),
    ...took,
  };
  rounds.push({ name: name(tree), stats });
  const pass = ledger.lastPass() ?? { rows: tree.tokens.length, lanes: 1 };
  // A round that ends the answer counts by what it wrote: a tree that reaches past the end has not paid.
  const played = { choice, proposed, verified: tree, path: accepted.path, pass };
  const paid = { ...played, ...took, tokens: events.length };
  keepPlan(context, state, observeRound(planOf(context, state), outlookOf(context), paid));
  context.prices.now = learnPass(context.prices.now, pass, paid.targetMs);
  yield* tell([...events, { type: 'round', round: stats, ...(told && { tree: told }) }]);
}

/** What is known of the text that is to come. */
function hintsOf({ prediction, named, writer }: AnswerState): Hints {
  return { prediction, named: { ...named, written: writer.ids.length } };
}

/** Keeps what the target held likely behind the nodes of a tree, the accepted ones and others, for whoever guesses by it. */
function recycle(
  { context, recycled, drafter, beside, prompt, named, writer }: AnswerState,
  { tokens, parents, depths }: DraftTree,
  likely: Likely,
): void {
  if (!drafter.recycles && !beside?.recycles) return;
  const mark = context.model.files.config.imageTokenId ?? -1;
  const said = writer.ids.slice(-TAIL, -1);
  const asked = prompt.ids.subarray(Math.max(0, prompt.ids.length + said.length - TAIL));
  const before = [...asked, ...said]; // of the root
  const marked = markedLikely(likely, named.names, mark);
  const paths: (readonly number[])[] = []; // to each node
  for (const [node, token] of tokens.entries()) {
    const path = [...(paths[parents[node] as number] ?? before), token];
    paths.push(path);
    const written = writer.ids.length + (depths[node] as number);
    recycled.learn(endingOf(path, { ...named, written }, mark), marked, node);
  }
}

/** A tree as the answer's grammar has it. */
function grammarOf({ context, drafter, grammar, writer }: AnswerState) {
  if (grammar === null || !drafter.drafts || !context.model.rowsKeepApart) return same;
  const start = grammar.stateAt([]);
  return (tree: JoinedTree) => grammarTree(tree, start, grammar.spell, writer.left - 1);
}

const same = (tree: JoinedTree): JoinedTree => tree;

/** What is guessed without a call: what the grammar forces, and what the text goes on with elsewhere. */
function freeTree(state: AnswerState, kept: (tree: JoinedTree) => JoinedTree): DraftTree | null {
  if (freeShape(state.writer.left).total === 1) return null;
  const fromText = textTree(state);
  if (state.grammar === null) return fromText;
  return kept(fromText ?? rootTree(state.writer.ids.at(-1) as number));
}

/** What is guessed from the text alone, once that has caught up with what was written. */
function textTree(state: AnswerState): DraftTree | null {
  const { context, beside, recycled, prompt, conversation, writer } = state;
  const shape = freeShape(writer.left);
  if (beside === null) return null;
  conversation.guesses ??= beside.open();
  const { guesses } = conversation;
  const { ids } = prompt;
  for (let at = guesses.length; at < ids.length + writer.ids.length; at += 1) {
    guesses.push((ids[at] ?? writer.ids[at - ids.length]) as number);
  }
  const root = writer.ids.at(-1) as number;
  const grow = () => guesses.grow({ ...hintsOf(state), root, shape });
  return context.model.drafters.recycled.within(recycled, grow);
}

/** Pieces that the draft is to read beforehand: all but those of the last round, which the next one reads itself. */
function latePieces({ draft, unread }: Conversation, first: boolean): number {
  return draft === null ? 0 : unread.length - (first ? 0 : 1);
}

/** Rows of the first unread pieces. */
const countRows = ({ unread }: Conversation, pieces: number): number =>
  unread.slice(0, Math.max(0, pieces)).reduce((sum, { next }) => sum + next.length, 0);

/** Most rows that the draft reads in one unit. */
const LATE_ROWS = 512;

/** Beside others that decode, what takes no longer than a piece of a prompt may; some at least. */
function lateRows({ context, ...state }: AnswerState): number {
  const { decoding } = context.company();
  const { reading, callPace } = planOf(context, state);
  if (decoding.lanes === 0 || reading === 0) return LATE_ROWS;
  const { now } = context.prices;
  const ms = LONGEST_PIECE * passPrice(now, decoding);
  return Math.min(LATE_ROWS, Math.max(LEAST_PIECE, ms / (reading * callPace * now.pace)));
}

/** Lets the draft read some of the first `late` unread pieces. */
function* readLate(state: AnswerState, late: number): Asking<void> {
  const { context, drafter, conversation, ledger } = state;
  const { draft, unread } = conversation;
  if (draft === null) return;
  const most = lateRows(state);
  let [pieces, rows] = [0, 0];
  while (pieces < late) {
    const more = unread[pieces]?.next.length ?? 0;
    if (pieces > 0 && rows + more > most) break;
    rows += more;
    pieces += 1;
  }
  yield* askDraft(drafter, { state: draft, rows: unread.slice(0, pieces) });
  conversation.unread = unread.slice(pieces);
  const { draftMs } = ledger.lap();
  const plan = planOf(context, state);
  keepPlan(context, state, observeReading(plan, outlookOf(context), rows, draftMs));
}
