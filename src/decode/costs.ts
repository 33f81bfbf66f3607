import type { Drafter, TreeShape } from '../contracts/drafter.ts';

/** Milliseconds measured at load. */
export interface Costs {
  /** A target pass by its rows, ascending; 1 row first. */
  readonly target: readonly PassCost[];
  /** One call of the draft: over a frontier, or for a whole tree. */
  readonly draftLevel: number;
  /** What such a call is made for. Default: each level. */
  readonly draftCalls?: NonNullable<Drafter['calls']>;
  /** What a round takes beside the passes. */
  readonly host: number;
}

/** Costs, and whether they can be trusted: where the turns that were timed disagreed, the machine was busy. */
export interface MeasuredCosts {
  readonly costs: Costs;
  readonly steady: boolean;
}

export interface PassCost {
  readonly rows: number;
  readonly ms: number;
}

/**
 * What a round should take: the draft's calls (one reads the last round, `depth` grow the tree; or one in all), then the
 * target's pass.
 */
export function roundMs(costs: Costs, { total, depth }: TreeShape): number {
  const draft = total > 1 ? callCount(costs.draftCalls, depth) * costs.draftLevel : 0;
  return passMs(costs, total) + draft + costs.host;
}

/** Calls of a draft for a tree so deep. Default: each level. */
export const callCount = (calls: Drafter['calls'], depth: number): number =>
  calls === 'round' ? 1 : 1 + depth;

/**
 * A pass of so many rows. Time over rows goes by steps, so a width that was not timed costs what the next wider one does;
 * beyond the widest it grows with the rows.
 */
export function passMs({ target }: { readonly target: readonly PassCost[] }, rows: number): number {
  const widest = target.at(-1);
  if (widest === undefined) throw new RangeError('No target pass was timed.');
  if (rows > widest.rows) return (widest.ms * rows) / widest.rows;
  return (target.find((cost) => cost.rows >= rows) ?? widest).ms;
}
