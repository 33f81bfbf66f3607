import type { DraftRows } from '../../src/contracts/drafter.ts';
import type { Rows } from '../../src/contracts/rows.ts';
import type { Sequence, Step } from '../../src/contracts/target.ts';
import type { PreparedPrompt } from '../../src/engine/answer/read-prompt.ts';
import { visualRows } from '../../src/engine/answer/visual-rows.ts';

/** The prompt's rows from what the sequence holds up to `to`, as one step. */
export function promptStep(
  sequence: Sequence,
  prompt: PreparedPrompt,
  to: number,
  heads: Int32Array,
): Step {
  const from = sequence.length;
  const ids = prompt.ids.slice(from, to);
  const visual = visualRows(prompt, from, to);
  return {
    sequence,
    ids,
    ...(visual && { visual }),
    parents: ids.map((_, row) => row - 1),
    positions: ids.map((_, row) => from + row),
    heads,
  };
}

/** What the draft reads of prompt rows `from` to `from + features.count`; `first` follows the prompt. */
export function promptDraftRows(
  prompt: PreparedPrompt,
  from: number,
  features: Rows,
  first: number,
): DraftRows {
  const to = from + features.count;
  const visual = visualRows(prompt, from + 1, to + 1);
  const next = Int32Array.from(
    { length: features.count },
    (_, row) => prompt.ids[from + row + 1] ?? first,
  );
  return { next, features, ...(visual && { visual }) };
}
