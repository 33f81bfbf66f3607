import type { DraftRows } from '../../src/contracts/drafter.ts';
import type { RowsRef, Sequence, Step, Want } from '../../src/contracts/target.ts';
import { chunkStep } from '../../src/engine/answer/chunk-step.ts';
import type { PreparedPrompt } from '../../src/engine/answer/read-prompt.ts';
import { visualRows } from '../../src/engine/answer/visual-rows.ts';
import { consecutive } from '../../src/model/consecutive.ts';

/** The prompt's rows from what the sequence holds up to `to`, as one step; the head at its last row, or where it is given. */
export function promptStep(
  sequence: Sequence,
  prompt: PreparedPrompt,
  to: number,
  want: Want,
  heads?: Int32Array,
): Step {
  const step = chunkStep(sequence, prompt, sequence.length, to, want);
  return heads === undefined ? step : { ...step, heads };
}

/** What the draft reads of prompt rows from `from` on, which a pass computed; `first` follows the prompt. */
export function promptDraftRows(
  prompt: PreparedPrompt,
  from: number,
  rows: RowsRef,
  first: number,
): DraftRows {
  const { count } = rows;
  const visual = visualRows(prompt, from + 1, from + count + 1);
  const next = Int32Array.from({ length: count }, (_, row) => prompt.ids[from + row + 1] ?? first);
  return { next, from: rows, at: consecutive(count), ...(visual && { visual }) };
}
