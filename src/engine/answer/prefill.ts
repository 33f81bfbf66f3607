import type { DraftRows } from '../../contracts/drafter.ts';
import type { GenerateEvent } from '../../contracts/generate.ts';
import type { AxisPositions } from '../../contracts/messages.ts';
import type { Forward, Sequence, Target } from '../../contracts/target.ts';
import type { Costs } from '../../decode/costs.ts';
import { wordPositions } from '../../decode/draft-rows.ts';
import type { Picker } from '../../decode/sample.ts';
import { consecutive } from '../../model/consecutive.ts';
import type { AnswerState } from './answer-state.ts';
import { chunkStep, MOST_ROWS } from './chunk-step.ts';
import type { PreparedPrompt } from './read-prompt.ts';
import { visualRows } from './visual-rows.ts';

/** Reads what the sequence lacks of the prompt, chunk by chunk, and writes the first token with the last of them. */
export async function* prefill(
  { context, prompt, conversation, writer, picker, ledger }: AnswerState,
  cancelled: () => boolean,
): AsyncGenerator<GenerateEvent[], void> {
  const { target, costs } = context.model;
  const { sequence, draft } = conversation;
  const total = prompt.ids.length;
  const widest = costs.target.at(-1);
  const longest = longestChunk(costs);
  let msPerRow = widest === undefined ? 1 : widest.ms / widest.rows;
  while (sequence.length < total && !cancelled()) {
    const from = sequence.length;
    const to = Math.min(total, from + chunkRows(longest / msPerRow));
    const events: GenerateEvent[] = [{ type: 'prefill', done: to, total }];
    const { targetMs } = await ledger.time('prefill', async () => {
      const { rows, first } = await prefillChunk(target, sequence, prompt, to, picker);
      if (draft !== null) conversation.unread = [...conversation.unread, rows];
      const token = first === null ? null : writer.write(first, false);
      if (token !== null) events.push(token);
    });
    msPerRow = targetMs / (to - from);
    yield events;
  }
}

/** What a chunk of the prompt gave. */
interface PrefilledChunk {
  /** What the draft is to read of it. */
  readonly rows: DraftRows;
  /** The first token of the answer, once the last chunk is read. */
  readonly first: number | null;
}

/** Reads prompt positions `from` (the committed length) to `to` into the sequence. */
async function prefillChunk(
  target: Target,
  sequence: Sequence,
  prompt: PreparedPrompt,
  to: number,
  picker: Picker,
): Promise<PrefilledChunk> {
  const from = sequence.length;
  const n = to - from;
  const last = to === prompt.ids.length;
  const step = chunkStep(sequence, prompt, from, to);
  const [forward] = (await target.forward([step], last ? picker.want : 'best')) as [Forward];
  const first = last ? picker.pick(forward, 0, to) : null;
  sequence.commit(forward, consecutive(n));
  const next = new Int32Array(n); // x[p+1] of every row p
  next.set(prompt.ids.subarray(from + 1, to + 1));
  if (first !== null) next[n - 1] = first;
  const nextVisual = visualRows(prompt, from + 1, to + 1);
  const positions = nextPositions(prompt, from + 1, to + 1, sequence.nextPosition);
  return {
    rows: {
      next,
      features: forward.features,
      ...(nextVisual && { visual: nextVisual }),
      positions,
    },
    first,
  };
}

/** Those of prompt positions `from` to `to`; the last may be the token after the prompt, at `end`. */
function nextPositions(
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
 * four plain passes are allowed up to a second, two beyond.
 */
function longestChunk({ target: [plain] }: Costs): number {
  const pass = plain?.ms ?? 0;
  return Math.max(CHUNK_MS, Math.min(4 * pass, 1000), 2 * pass);
}

function chunkRows(affordable: number): number {
  return Math.min(MOST_ROWS, Math.max(LEAST_ROWS, Math.floor(affordable)));
}
