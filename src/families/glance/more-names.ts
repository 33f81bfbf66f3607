/**
 * Names beyond the eye's classes: how much a picture looks like the drawings that each was learnt from.
 *
 *   features = [middle in 4 x 4 cells ; last in 2 x 2]          // [b, 16 C + 4 C']
 *   z        = W₁ features, of length one                       // [b, rank]
 *   scores   = W₂ z                                             // [b, moreNames], beside those of classes
 */
import { type LinearWeights, linear } from '../../graph/blocks/linear.ts';
import { dimOf, fixedDim, type Value } from '../../graph/graph.ts';
import { div, mul, sqrt } from '../../graph/operators/elementwise.ts';
import { concat, reshape } from '../../graph/operators/layout.ts';
import { sumOver } from '../../graph/operators/reduce.ts';
import type { Seen } from './eye-graph.ts';
import { FEATURE_CELLS } from './glance-tensors.ts';
import { pooled } from './pooled.ts';

/** What more names are told by. [b, width] */
export function eyeFeatures({ middle, last }: Pick<Seen, 'middle' | 'last'>): Value {
  const maps = [middle, last].map((map, at) => {
    const [b, channels, side] = [dimOf(map, 0), fixedDim(map, 1), fixedDim(map, 2)];
    const cells = FEATURE_CELLS[at] as number;
    const places = reshape(map, [b, channels, side ** 2]);
    return reshape(pooled(places, side, cells), [b, channels * cells ** 2]);
  });
  return concat(maps, 1);
}

/** [b, moreNames] */
export function moreScores(
  seen: Pick<Seen, 'middle' | 'last'>,
  [first, second]: readonly [LinearWeights, LinearWeights],
): Value {
  const z = linear(eyeFeatures(seen), first);
  return linear(div(z, sqrt(sumOver(mul(z, z), [1]))), second);
}
