import type { Sequence, Step } from '../../contracts/target.ts';
import { consecutive } from '../../model/consecutive.ts';
import type { PreparedPrompt } from './read-prompt.ts';
import { visualRows } from './visual-rows.ts';

/** Most rows of a step: a pass holds scores of rows × (committed + rows). */
export const MOST_ROWS = 512;

/** Prompt positions `from` (the committed length) to `to` as one step, the head at its last row. */
export function chunkStep(
  sequence: Sequence,
  prompt: Pick<PreparedPrompt, 'ids' | 'spans' | 'pictures' | 'positions'>,
  from: number,
  to: number,
): Step {
  const n = to - from;
  const visual = visualRows(prompt, from, to);
  const axes = prompt.positions;
  const sides = axes && {
    height: axes.height.subarray(from, to),
    width: axes.width.subarray(from, to),
  };
  return {
    sequence,
    ids: prompt.ids.slice(from, to),
    ...(visual && { visual }),
    parents: consecutive(n, -1),
    positions: axes?.time.subarray(from, to) ?? consecutive(n, from),
    ...(sides && { sides }),
    heads: Int32Array.of(n - 1),
  };
}
