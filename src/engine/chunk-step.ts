import type { Sequence, Step } from '../contracts/target.ts';
import { consecutive } from '../model/consecutive.ts';
import type { PreparedPrompt } from './read-prompt.ts';
import { visualRows } from './visual-rows.ts';

/** Most rows of a step: a pass holds scores of rows × (committed + rows). */
export const MOST_ROWS = 512;

/** Prompt positions `from` (the committed length) to `to` as one step, the head at its last row. */
export function chunkStep(
  sequence: Sequence,
  prompt: Pick<PreparedPrompt, 'ids' | 'spans' | 'pictures'>,
  from: number,
  to: number,
): Step {
  const n = to - from;
  const visual = visualRows(prompt, from, to);
  return {
    sequence,
    ids: prompt.ids.slice(from, to),
    ...(visual && { visual }),
    parents: consecutive(n, -1),
    positions: consecutive(n, from),
    heads: Int32Array.of(n - 1),
  };
}
