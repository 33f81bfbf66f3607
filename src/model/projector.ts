/** What stands between a tower and a decoder: two layers over the tower's patches. */
import { type LinearWeights, linear } from '../graph/blocks/linear.ts';
import { dimOf, fixedDim, type Value } from '../graph/graph.ts';
import { gelu, relu } from '../graph/operators/elementwise.ts';
import { reshape, slice } from '../graph/operators/layout.ts';
import { rowsOf } from './vision-layer.ts';

export interface Projection {
  readonly activation: 'gelu' | 'relu';
  /** 'default' drops the class token, 'full' keeps it. */
  readonly select: 'default' | 'full';
}

/** Hidden states of b pictures [b, tokens, W], class token first → embeddings [b·tokens, H], or one less of each picture. */
export function project(
  hidden: Value,
  { activation, select }: Projection,
  layers: readonly [LinearWeights, LinearWeights],
): Value {
  const tokens = fixedDim(hidden, 1);
  const chosen = select === 'full' ? hidden : slice(hidden, 1, 1, tokens);
  const width = fixedDim(hidden, 2);
  const rows = reshape(chosen, [rowsOf(dimOf(hidden, 0), fixedDim(chosen, 1)), width]);
  const act = activation === 'gelu' ? gelu : relu;
  return linear(act(linear(rows, layers[0])), layers[1]);
}
