import type { TreeShape } from '../../contracts/drafter.ts';
import type { ModelInfo } from '../../contracts/load.ts';
import { roundMs } from '../../decode/costs.ts';
import { PLAIN, shapeName } from '../../decode/tree-shape.ts';
import { AUTO_TREES } from '../../engine/answer/trees.ts';

/** What a round of a tree should take by the costs timed at load, host time left out. */
export interface TreeCost {
  /** `T,D,K` or `plain`. */
  readonly tree: string;
  readonly rows: number;
  readonly targetMs: number;
  readonly roundMs: number;
  /** Tokens that a pass must give to be as fast as plain decoding. */
  readonly breakEven: number;
}

/** The choices of `auto`, plain decoding first. */
export function treeCosts(costs: ModelInfo['costs'], drafter: string): TreeCost[] {
  const usesDraft = drafter === 'msd' || drafter === 'eagle';
  const draftLevel = usesDraft ? (costs.draftLevel ?? 0) : 0;
  const round = (shape: TreeShape, level: number) =>
    roundMs({ target: costs.target, draftLevel: level, host: costs.host }, shape);
  const shapes = drafter === 'none' ? [PLAIN] : [PLAIN, ...AUTO_TREES];
  return shapes.map((shape) => ({
    tree: shapeName(shape),
    rows: shape.total,
    targetMs: round(shape, 0),
    roundMs: round(shape, draftLevel),
    breakEven: round(shape, draftLevel) / round(PLAIN, 0),
  }));
}
