import { type DecayedMean, meanWithPrior, observeMean, UNSEEN } from './decayed-mean.ts';

/** At each depth of a tree: of the walks that got there, the share that went one node further. */
export type Acceptance = readonly DecayedMean[]; // [levels seen]

/** Walks that are remembered at each depth: about 20. */
const DECAY = 0.95;

/**
 * Adds a walk that accepted `accepted` drafted tokens in a tree of at most `levels`. A walk that came to the last level
 * says nothing about the one below.
 *
 * @param missWeight how much the end of a walk counts against a step of it
 */
export function observeWalk(
  acceptance: Acceptance,
  accepted: number,
  levels: number,
  missWeight = 1,
): Acceptance {
  const seen = Math.min(accepted + 1, levels);
  return Array.from({ length: Math.max(seen, acceptance.length) }, (_, depth) => {
    const mean = acceptance[depth] ?? UNSEEN;
    if (depth >= seen) return mean;
    return depth < accepted ? observeMean(mean, 1, DECAY) : observeMean(mean, 0, DECAY, missWeight);
  });
}

/** Older walks count for less, as if they were seen through a later one. */
export function fadeAcceptance(acceptance: Acceptance, share: number): Acceptance {
  return acceptance.map(({ sum, weight }) => ({ sum: sum * share, weight: weight * share }));
}

/**
 * The chance of a step at each depth.
 *
 * @param prior the chance at a depth before anything is seen, given the estimate one depth above (null at depth 0)
 * @param priorWeight walks that the prior counts for
 */
export function stepChances(
  acceptance: Acceptance,
  levels: number,
  prior: (depth: number, above: number | null) => number,
  priorWeight: number,
): number[] {
  const chances: number[] = [];
  for (let depth = 0; depth < levels; depth += 1) {
    const expected = prior(depth, chances.at(-1) ?? null);
    chances.push(meanWithPrior(acceptance[depth] ?? UNSEEN, expected, priorWeight));
  }
  return chances;
}

/** Tokens of a round: the bonus, and one for each step that the walk is expected to take. */
export function expectedTokens(chances: readonly number[]): number {
  let reached = 1;
  let tokens = 1;
  for (const chance of chances) {
    reached *= chance;
    tokens += reached;
  }
  return tokens;
}
