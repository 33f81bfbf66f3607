import { dimOf, fixedDim, type Value } from '../../graph/graph.ts';
import { concat, reshape } from '../../graph/operators/layout.ts';
import type { Seen } from './eye-graph.ts';
import { pooled } from './pooled.ts';

/** What more names are told by: the middle stage in cells, and the head over the whole picture. [b, width] */
export function eyeFeatures(
  { middle, head }: Pick<Seen, 'middle' | 'head'>,
  gridSize: number,
): Value {
  const [b, channels, side] = [dimOf(middle, 0), fixedDim(middle, 1), fixedDim(middle, 2)];
  const cells = pooled(reshape(middle, [b, channels, side ** 2]), side, gridSize);
  return concat([reshape(cells, [b, channels * gridSize ** 2]), head], 1);
}
