import type { Sequence, Step, Want } from '../../contracts/target.ts';
import { wordPositions } from '../../decode/draft-rows.ts';
import { consecutive } from '../../model/consecutive.ts';
import type { PreparedPrompt } from './read-prompt.ts';
import { visualRows } from './visual-rows.ts';

/** Prompt positions `from` (the committed length) to `to` as one step, the head at its last row. */
export function chunkStep(
  sequence: Sequence,
  prompt: Pick<PreparedPrompt, 'ids' | 'spans' | 'pictures' | 'positions'>,
  from: number,
  to: number,
  want: Want = 'best',
): Step {
  const n = to - from;
  const visual = visualRows(prompt, from, to);
  const axes = prompt.positions;
  return {
    sequence,
    ids: prompt.ids.slice(from, to),
    ...(visual && { visual }),
    parents: consecutive(n, -1),
    positions: axes
      ? {
          time: axes.time.subarray(from, to),
          height: axes.height.subarray(from, to),
          width: axes.width.subarray(from, to),
        }
      : wordPositions(n, from),
    heads: Int32Array.of(n - 1),
    want,
  };
}
