import type { Drafter, TreeShape } from '../contracts/drafter.ts';

/** Milliseconds measured at load. */
export interface Costs {
  /** A target pass by its rows, ascending; 1 row first. */
  readonly target: readonly { readonly rows: number; readonly ms: number }[];
  /** One draft pass: over a frontier, or over all slots of a block. */
  readonly draftLevel: number;
  /** What such a pass is made for. Default: each level. */
  readonly draftCalls?: NonNullable<Drafter['calls']>;
  /** What a round takes beside the passes. */
  readonly host: number;
}

/**
 * What a round should take: the draft's passes (one reads the last round, `depth` grow the tree; a block draft does all
 * in one), then the target's.
 */
export function roundMs(costs: Costs, { total, depth }: TreeShape): number {
  const calls = costs.draftCalls === 'round' ? 1 : 1 + depth;
  const draft = total > 1 ? calls * costs.draftLevel : 0;
  return passMs(costs, total) + draft + costs.host;
}

/** A pass of so many rows: linear between the measured sizes, and on beyond the last two. */
export function passMs({ target }: Pick<Costs, 'target'>, rows: number): number {
  const above = target.findIndex((cost) => cost.rows >= rows);
  const end = above < 0 ? target.length - 1 : above;
  const high = target[end];
  const low = target[Math.max(0, end - 1)];
  if (high === undefined || low === undefined) throw new RangeError('No target pass was timed.');
  if (low.rows === high.rows) return high.ms;
  return low.ms + ((high.ms - low.ms) * (rows - low.rows)) / (high.rows - low.rows);
}
