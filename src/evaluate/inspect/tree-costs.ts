import type { TreeShape } from '../../contracts/drafter.ts';
import type { RunInfo } from '../../contracts/generate.ts';
import type { ModelInfo } from '../../contracts/load.ts';
import { roundMs } from '../../decode/costs.ts';
import { PLAIN, shapeName } from '../../decode/tree-shape.ts';

/** Trees that show what one costs by its width; the last is the paper's. */
export const SHOWN_TREES: readonly TreeShape[] = [
  { total: 4, depth: 2, topK: 2 },
  { total: 8, depth: 5, topK: 2 },
  { total: 16, depth: 5, topK: 4 },
  { total: 32, depth: 5, topK: 8 },
  { total: 59, depth: 5, topK: 10 },
];

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

/** Plain decoding first. */
export function treeCosts(
  costs: ModelInfo['costs'],
  { drafts, isNetwork }: Pick<RunInfo, 'drafts' | 'isNetwork'>,
): TreeCost[] {
  const draftLevel = isNetwork ? (costs.draftLevel ?? 0) : 0;
  const round = (shape: TreeShape, level: number) =>
    roundMs({ ...costs, draftLevel: level }, shape);
  const shapes = drafts ? [PLAIN, ...SHOWN_TREES] : [PLAIN];
  return shapes.map((shape) => ({
    tree: shapeName(shape),
    rows: shape.total,
    targetMs: round(shape, 0),
    roundMs: round(shape, draftLevel),
    breakEven: round(shape, draftLevel) / round(PLAIN, 0),
  }));
}
