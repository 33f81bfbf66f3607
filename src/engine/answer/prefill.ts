import type { DraftRows } from '../../contracts/drafter.ts';
import type { AxisPositions } from '../../contracts/messages.ts';
import { type Asking, askTarget, tell } from '../../contracts/need.ts';
import { type Costs, passMs } from '../../decode/costs.ts';
import { wordPositions } from '../../decode/draft-rows.ts';
import type { IdLogprobs } from '../../decode/logprobs.ts';
import { BLOCK } from '../../graph/blocks/block-attention.ts';
import { consecutive } from '../../model/consecutive.ts';
import { cutTokens } from '../../model/cut-tokens.ts';
import { MOST_ROWS, pieceRows } from '../../model/lane-groups.ts';
import type { AnswerState } from './answer-state.ts';
import { chunkStep } from './chunk-step.ts';
import type { PreparedPrompt } from './read-prompt.ts';
import { visualRows } from './visual-rows.ts';

/** Reads what the sequence lacks of the prompt, chunk by chunk, and writes the first token with the last of them. */
export function* prefill(state: AnswerState, cancelled: () => boolean): Asking<void> {
  const { context, prompt, conversation, writer, ledger } = state;
  const { costs, rowsKeepApart } = context.model;
  const { sequence } = conversation;
  const total = prompt.ids.length;
  const widest = costs.target.at(-1);
  let msPerRow = widest === undefined ? 1 : widest.ms / widest.rows;
  while (sequence.length < total && !cancelled()) {
    const from = sequence.length;
    const affordable = rowsKeepApart
      ? chunkRows(longestChunk(costs, context.company()) / msPerRow)
      : BLOCK; // one shape for all
    const to = from + pieceRows(from, total - from, affordable);
    ledger.lap();
    const first = yield* readChunk(state, to);
    msPerRow = ledger.lap().targetMs / (to - from);
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
 * unread. Returns the first token of the answer, once the last chunk is read.
 */
function* readChunk(
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

/** Milliseconds that a chunk should take, so that cancelling is prompt: half of what is promised. */
const CHUNK_MS = 250;
/** Below 8 rows a pass hardly gets cheaper. */
const LEAST_ROWS = 8;

/**
 * Milliseconds of the longest chunk. A large model's pass mostly waits for its weights, so that more rows cost little:
 * four plain passes are allowed up to a second, two beyond. Others that answer meanwhile wait for no more than two of
 * their own passes.
 *
 * @param company other answers that run
 */
function longestChunk(costs: Costs, company: number): number {
  const plain = costs.target[0]?.ms ?? 0;
  const alone = Math.max(CHUNK_MS, Math.min(4 * plain, 1000), 2 * plain);
  return company === 0 ? alone : Math.min(alone, 2 * passMs(costs, company));
}

function chunkRows(affordable: number): number {
  return Math.min(MOST_ROWS, Math.max(LEAST_ROWS, Math.floor(affordable)));
}
