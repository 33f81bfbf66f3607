import { constant, type Value } from '../../graph/graph.ts';
import { transpose } from '../../graph/operators/layout.ts';
import { matmul } from '../../graph/operators/matrix.ts';
import { cellShares } from './cell-shares.ts';

/** A map of side · side places averaged over cells: [b, C, places] → [b, cells, C] */
export function pooled(map: Value, side: number, gridSize: number): Value {
  const shares = constant(map.graph, cellShares(side, gridSize), [side ** 2, gridSize ** 2]);
  return transpose(matmul(map, shares), [0, 2, 1]);
}
