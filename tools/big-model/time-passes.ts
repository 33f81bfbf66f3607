import type { Step, Target } from '../../src/contracts/target.ts';
import { onAllAxes, wordPositions } from '../../src/decode/draft-rows.ts';
import { consecutive } from '../../src/model/consecutive.ts';

/** Committed text under the passes. */
const CONTEXT = 64;

/** A pass of `count` rows: the fastest of its turns, and how much longer it takes than the first count's. */
export interface TimedPass {
  readonly count: number;
  readonly ms: number;
  readonly over: number;
}

/** Times target passes of several widths, turn by turn, so that a noisy moment hits all alike. */
export async function timePasses(
  target: Target,
  counts: readonly number[],
  turns: number,
): Promise<TimedPass[]> {
  const sequence = target.open();
  const chain: Step = {
    sequence,
    ids: new Int32Array(CONTEXT),
    parents: consecutive(CONTEXT, -1),
    positions: wordPositions(CONTEXT, 0),
    heads: Int32Array.of(CONTEXT - 1),
    want: 'best',
  };
  const [read] = await target.forward([chain]);
  if (read !== undefined) sequence.commit(read, consecutive(CONTEXT));
  const best = counts.map(() => Number.POSITIVE_INFINITY);
  for (let turn = 0; turn < turns; turn++) {
    for (const [index, count] of counts.entries()) {
      const step: Step = {
        sequence,
        ids: new Int32Array(count),
        parents: new Int32Array(count).fill(-1),
        positions: onAllAxes(new Int32Array(count).fill(CONTEXT)),
        heads: consecutive(count),
        want: 'best',
      };
      const start = performance.now();
      await target.forward([step]);
      best[index] = Math.min(best[index] as number, performance.now() - start);
    }
  }
  sequence.dispose();
  const one = best[0] as number;
  return counts.map((count, index) => {
    const ms = best[index] as number;
    return { count, ms, over: ms / one };
  });
}
