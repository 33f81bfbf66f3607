import type { TreeShape } from '../../contracts/drafter.ts';
import type { RunInfo } from '../../contracts/generate.ts';
import type { ModelInfo } from '../../contracts/load.ts';
import { roundMs } from '../../decode/costs.ts';
import { PLAIN, shapeName } from '../../decode/tree-shape.ts';
import { AUTO_TREES } from '../../engine/answer/auto-plan.ts';

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
export function treeCosts(
  costs: ModelInfo['costs'],
  { drafts, isNetwork }: Pick<RunInfo, 'drafts' | 'isNetwork'>,
): TreeCost[] {
  const draftLevel = isNetwork ? (costs.draftLevel ?? 0) : 0;
  const round = (shape: TreeShape, level: number) =>
    roundMs({ ...costs, draftLevel: level }, shape);
  const shapes = drafts ? [PLAIN, ...AUTO_TREES] : [PLAIN];
  return shapes.map((shape) => ({
    tree: shapeName(shape),
    rows: shape.total,
    targetMs: round(shape, 0),
    roundMs: round(shape, draftLevel),
    breakEven: round(shape, draftLevel) / round(PLAIN, 0),
  }));
}
