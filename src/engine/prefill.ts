import type { DraftRows } from '../contracts/drafter.ts';
import type { Forward, Sequence, Target } from '../contracts/target.ts';
import type { Picker } from '../decode/sample.ts';
import type { PreparedPrompt } from './prepare-prompt.ts';
import { visualRows } from './visual-rows.ts';

/** What a chunk of the prompt gave. */
export interface PrefilledChunk {
  /** What the draft is to read of it. */
  readonly rows: DraftRows;
  /** The first token of the answer, once the last chunk is read. */
  readonly first: number | null;
}

/** Reads prompt positions `from` (the committed length) to `to` into the sequence. */
export async function prefillChunk(
  target: Target,
  sequence: Sequence,
  prompt: PreparedPrompt,
  to: number,
  picker: Picker,
): Promise<PrefilledChunk> {
  const from = sequence.length;
  const n = to - from;
  const last = to === prompt.ids.length;
  const visual = visualRows(prompt, from, to);
  const step = {
    sequence,
    ids: prompt.ids.slice(from, to),
    ...(visual && { visual }),
    parents: Int32Array.from({ length: n }, (_, i) => i - 1),
    positions: Int32Array.from({ length: n }, (_, i) => from + i),
    heads: Int32Array.of(n - 1),
  };
  const [forward] = (await target.forward([step], last ? picker.want : 'best')) as [Forward];
  sequence.commit(
    forward,
    Int32Array.from({ length: n }, (_, i) => i),
  );
  const first = last ? picker.pick(forward, 0, to) : null;
  const next = new Int32Array(n); // x[p+1] of every row p
  next.set(prompt.ids.subarray(from + 1, to + 1));
  if (first !== null) next[n - 1] = first;
  const nextVisual = visualRows(prompt, from + 1, to + 1);
  return {
    rows: { next, features: forward.features, ...(nextVisual && { visual: nextVisual }) },
    first,
  };
}

/** Milliseconds that a chunk should take, so that cancelling is prompt. */
const CHUNK_MS = 250;
const CHUNK_ROWS = { least: 16, most: 512 };

/** Rows of the next chunk, from what a row took lately. */
export function chunkRows(msPerRow: number): number {
  const rows = Math.floor(CHUNK_MS / msPerRow);
  return Math.min(CHUNK_ROWS.most, Math.max(CHUNK_ROWS.least, rows));
}
