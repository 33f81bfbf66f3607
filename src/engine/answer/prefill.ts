import type { DraftRows } from '../../contracts/drafter.ts';
import type { AxisPositions } from '../../contracts/messages.ts';
import { type Asking, askTarget, tell } from '../../contracts/need.ts';
import type { Costs } from '../../decode/costs.ts';
import { wordPositions } from '../../decode/draft-rows.ts';
import type { IdLogprobs } from '../../decode/logprobs.ts';
import { passPrice } from '../../decode/prices.ts';
import { BLOCK } from '../../graph/blocks/block-attention.ts';
import { consecutive } from '../../model/consecutive.ts';
import { cutTokens } from '../../model/cut-tokens.ts';
import { MOST_ROWS, pieceRows } from '../../model/lane-groups.ts';
import type { AnswerState } from './answer-state.ts';
import { chunkStep } from './chunk-step.ts';
import { LEAST_PIECE, learnDear, pieceBeside } from './piece-rows.ts';
import type { PreparedPrompt } from './read-prompt.ts';
import { visualRows } from './visual-rows.ts';

/** Reads what the sequence lacks of the prompt, piece by piece, and writes the first token with the last of them. */
export function* prefill(state: AnswerState, cancelled: () => boolean): Asking<void> {
  const { prompt, conversation, writer, ledger } = state;
  const { sequence } = conversation;
  const total = prompt.ids.length;
  let pace = firstPace(state);
  while (sequence.length < total && !cancelled()) {
    const from = sequence.length;
    const to = from + nextRows(state, pace, total - from);
    ledger.lap();
    const first = yield* readPiece(state, to);
    pace = nextPace(state, pace, ledger.lap().targetMs, to - from);
    const token = first && writer.write(first.id, false, first.logprobs);
    yield* tell([{ type: 'prefill', done: to, total }, ...(token === null ? [] : [token])]);
  }
}

interface FirstToken {
  readonly id: number;
  readonly logprobs: IdLogprobs | null;
}

/**
 * Reads prompt positions `from` (the committed length) to `to` into the sequence; what the draft is to read of it stays
 * unread. Returns the first token of the answer, once the last piece is read.
 */
function* readPiece(
  { prompt, conversation, picker }: AnswerState,
  to: number,
): Asking<FirstToken | null> {
  const { sequence } = conversation;
  const from = sequence.length;
  const n = to - from;
  const last = to === prompt.ids.length;
  const step = chunkStep(sequence, prompt, from, to, last ? picker.want : 'best');
  const forward = yield* askTarget(step);
  const id = last ? picker.pick(forward, 0, to, []) : null;
  const first = id === null ? null : { id, logprobs: picker.logprobs?.(forward, 0, id) ?? null };
  sequence.commit(forward, consecutive(n));
  if (conversation.draft === null) return first;

  const next = new Int32Array(n); // x[p+1] of every row p
  next.set(prompt.ids.subarray(from + 1, to + 1));
  if (id !== null) next[n - 1] = id;
  const visual = visualRows(prompt, from, to + 1);
  const positions = positionsOf(prompt, from, to + 1, sequence.nextPosition);
  const tokens = { ...(visual && { visual }), positions }; // x[p] of every row p, and the one behind them
  const rows: DraftRows = {
    next,
    from: forward.rows,
    at: consecutive(n),
    ...cutTokens(tokens, 1, n + 1),
    own: cutTokens(tokens, 0, n),
  };
  conversation.unread = [...conversation.unread, rows];
  return first;
}

/** Those of prompt positions `from` to `to`; the last may be the token after the prompt, at `end`. */
function positionsOf(
  { ids, positions }: PreparedPrompt,
  from: number,
  to: number,
  end: number,
): AxisPositions {
  if (positions === undefined) return wordPositions(to - from, from);
  const cut = (axis: Int32Array) =>
    to > ids.length ? Int32Array.of(...axis.subarray(from), end) : axis.slice(from, to);
  return {
    time: cut(positions.time),
    height: cut(positions.height),
    width: cut(positions.width),
  };
}

/** What pieces of a prompt were seen to take: of each row, and beside what passes of their size cost. */
interface Pace {
  readonly msPerRow: number;
  readonly dear: number;
}

function firstPace({ context }: AnswerState): Pace {
  const widest = context.model.costs.target.at(-1);
  return { msPerRow: widest === undefined ? 1 : widest.ms / widest.rows, dear: 1 };
}

function nextPace(
  { context, ledger }: AnswerState,
  { dear }: Pace,
  ms: number,
  rows: number,
): Pace {
  const pass = ledger.lastPass() ?? { rows, lanes: 1 };
  return { msPerRow: ms / rows, dear: learnDear(dear, ms / passPrice(context.prices.now, pass)) };
}

/** Rows of the next piece. */
function nextRows({ context, conversation }: AnswerState, pace: Pace, left: number): number {
  const { costs, rowsKeepApart } = context.model;
  const from = conversation.sequence.length;
  if (!rowsKeepApart) return pieceRows(from, left, BLOCK); // one shape for all
  const company = context.company();
  if (company.decoding.lanes === 0) return pieceRows(from, left, rowsAlone(costs, pace.msPerRow));
  const most = pieceBeside(company, context.prices.now, pace.dear);
  // Few enough rows are read wherever they begin: those up to a block's border would cost a pass of their own.
  return most < BLOCK ? Math.min(left, most) : pieceRows(from, left, most);
}

/** Milliseconds that a piece should take, so that cancelling is prompt: half of what is promised. */
const PIECE_MS = 250;

/**
 * Where nobody waits. A large model's pass mostly waits for its weights, so that more rows cost little: four plain passes
 * are allowed up to a second, two beyond.
 */
function rowsAlone({ target: [plain] }: Costs, msPerRow: number): number {
  const ms = plain?.ms ?? 0;
  const longest = Math.max(PIECE_MS, Math.min(4 * ms, 1000), 2 * ms);
  return Math.min(MOST_ROWS, Math.max(LEAST_PIECE, Math.floor(longest / msPerRow)));
}
