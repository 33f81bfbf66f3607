import { linear } from '../../graph/blocks/linear.ts';
import { dimOf, fixedDim, type Value } from '../../graph/graph.ts';
import { reshape, transpose } from '../../graph/operators/layout.ts';
import { convolved, invertedResidual, relu6 } from '../../model/inverted-residual.ts';
import { rowsOf } from '../../model/vision-layer.ts';
import type { EyeConfig } from './glance-config.ts';
import { eyeBlocks, type GlanceWeights } from './glance-tensors.ts';

/** What the eye makes of b pictures. */
export interface Seen {
  readonly middle: Value; // [b, C, s, s]
  readonly last: Value; // [b, C, s, s]
  /** Scores of classes at each place of the last stage; their mean over a picture is the picture's. */
  readonly scores: Value; // [b, places, classes]
}

/** pixels [b, 3, S, S] */
export function eyeGraph(
  pixels: Value,
  config: EyeConfig,
  weights: Pick<GlanceWeights, 'stem' | 'blocks' | 'head' | 'classifier'>,
): Seen {
  let x = relu6(convolved(pixels, weights.stem, { stride: 2 }));
  let middle = x;
  for (const [index, { stride, stage }] of eyeBlocks(config).entries()) {
    const block = weights.blocks[index] as GlanceWeights['blocks'][number];
    x = invertedResidual(x, block, stride);
    if (stage === config.middleStage) middle = x;
  }
  const head = relu6(convolved(x, weights.head));
  const [b, places, width] = [dimOf(head, 0), fixedDim(head, 2) ** 2, fixedDim(head, 1)];
  const rows = reshape(transpose(head, [0, 2, 3, 1]), [rowsOf(b, places), width]);
  const scores = reshape(linear(rows, weights.classifier), [b, places, config.classes]);
  return { middle, last: x, scores };
}
