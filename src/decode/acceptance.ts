/** Walks that came to one depth of a tree, and those that went a node further; older ones weigh less. */
interface DepthWalks {
  readonly reached: number;
  readonly further: number;
}

/** How far walks went: one entry for each depth that any of them came to, the root's first. */
export type Acceptance = readonly DepthWalks[];

/** What is left of older walks' weight after another: about 25 walks are remembered at each depth. */
const DECAY = 0.96;

/**
 * Adds a walk that accepted `accepted` drafted tokens in a tree of at most `levels`. A walk that came to the last level
 * says nothing about the one below.
 */
export function observeWalk(acceptance: Acceptance, accepted: number, levels: number): Acceptance {
  const seen = Math.min(accepted + 1, levels);
  return Array.from({ length: Math.max(seen, acceptance.length) }, (_, depth) => {
    const step = acceptance[depth] ?? { reached: 0, further: 0 };
    if (depth >= seen) return step;
    return {
      reached: step.reached * DECAY + 1,
      further: step.further * DECAY + (depth < accepted ? 1 : 0),
    };
  });
}

/** Lets what was seen weigh at most as much as `most` walks at each depth. */
export function capAcceptance(acceptance: Acceptance, most: number): Acceptance {
  return acceptance.map(({ reached, further }) => {
    const share = Math.min(1, most / reached);
    return { reached: reached * share, further: further * share };
  });
}

/**
 * The chance of a step at each depth.
 *
 * @param prior the chance at a depth before any walk, given the estimate one depth above (null at the root)
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
    const { reached, further } = acceptance[depth] ?? { reached: 0, further: 0 };
    const expected = prior(depth, chances.at(-1) ?? null);
    chances.push((further + expected * priorWeight) / (reached + priorWeight));
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
