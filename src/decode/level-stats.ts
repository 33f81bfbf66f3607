import type { DraftTree } from '../contracts/drafter.ts';
import type { LevelStats } from '../contracts/generate.ts';

/** What the draft says of each depth of its tree. Nodes of one depth exclude each other, so their probabilities add up. */
export function levelStats({ depths, scores }: DraftTree): LevelStats[] {
  const levels: { nodes: number; survival: number | null }[] = [];
  for (let node = 1; node < depths.length; node += 1) {
    const at = (depths[node] as number) - 1;
    levels[at] ??= { nodes: 0, survival: scores === undefined ? null : 0 };
    const level = levels[at];
    level.nodes += 1;
    if (scores !== undefined && level.survival !== null) {
      level.survival = Math.min(1, level.survival + Math.exp(scores[node] as number));
    }
  }
  return levels;
}
