import { constant, dimOf, fixedDim, type Value } from '../../graph/graph.ts';
import { concat, reshape, transpose } from '../../graph/operators/layout.ts';
import { matmul } from '../../graph/operators/matrix.ts';
import { cellShares } from './cell-shares.ts';
import type { Seen } from './eye-graph.ts';
import type { GlanceConfig } from './glance-config.ts';

/** What more names are told by: the middle stage in cells, and the head. [b, width] */
export function eyeFeatures({ middle, head, last }: Seen, { gridSize }: GlanceConfig): Value {
  const b = dimOf(middle, 0);
  const side = fixedDim(middle, 2);
  const map = reshape(middle, [b, fixedDim(middle, 1), side ** 2]);
  const cells = pooled(map, side, gridSize);
  const flat = reshape(cells, [b, fixedDim(middle, 1) * gridSize ** 2]);
  const l = pooled(reshape(last, [b, fixedDim(last, 1), 49]), 7, 2);
  return concat([flat, head, reshape(l, [b, fixedDim(last, 1) * 4])], 1);
}

/** A map of side · side places averaged over cells: [b, C, places] → [b, cells, C] */
export function pooled(map: Value, side: number, gridSize: number): Value {
  const shares = constant(map.graph, cellShares(side, gridSize), [side ** 2, gridSize ** 2]);
  return transpose(matmul(map, shares), [0, 2, 1]);
}
