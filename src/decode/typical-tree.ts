/**
 * What a drafter's trees are like, before it is asked for one: the chances of a level's best nodes beside that of the best
 * node above them, as the last trees had them. A level that is not grown any more keeps its shape, and rises and falls
 * with those above.
 */
export type TypicalTree = readonly Level[];

interface Level {
  /** Of the best node above, summed over trees, of which older ones weigh less. */
  readonly above: number;
  /** Of the best nodes here, best first, summed likewise. */
  readonly nodes: readonly number[];
}

export const TYPICAL_LEVELS = 12;
const RANKS = 6;
/** What is left of older trees' weight after another. */
const DECAY = 0.85;
/** Before any tree: a trained draft's first guess is kept seven times of ten, so that every draft is tried. */
const HOPE = [0.7, 0.12, 0.06, 0.03, 0.02, 0.01];

export const NO_TREES: TypicalTree = Array.from({ length: TYPICAL_LEVELS }, () => ({
  above: 1,
  nodes: HOPE,
}));

/**
 * @param chances of each node [n]
 * @param levels that were asked for: one without nodes says that there are none
 */
export function observeTree(
  typical: TypicalTree,
  depths: ArrayLike<number>,
  chances: ArrayLike<number>,
  levels: number,
): TypicalTree {
  const byDepth: number[][] = Array.from({ length: TYPICAL_LEVELS + 1 }, () => []);
  for (let node = 0; node < depths.length; node += 1) {
    byDepth[depths[node] as number]?.push(chances[node] as number);
  }
  const best = byDepth.map((level) => level.sort((a, b) => b - a));
  return typical.map((level, at) => {
    const above = best[at]?.[0];
    if (at >= levels || above === undefined) return level;
    return {
      above: level.above * DECAY + above,
      nodes: level.nodes.map((sum, rank) => sum * DECAY + (best[at + 1]?.[rank] ?? 0)),
    };
  });
}

/** The chances of the drafted nodes of a typical tree so many levels deep, by level. */
export function typicalChances(typical: TypicalTree, levels: number): number[][] {
  let above = 1;
  return typical.slice(0, levels).map((level) => {
    const chances = level.nodes.slice(0, RANKS).map((sum) => (above * sum) / level.above);
    above = chances[0] ?? 0;
    return chances;
  });
}
