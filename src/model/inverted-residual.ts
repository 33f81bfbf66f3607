/** The block that MobileNetV2 and EfficientNet are made of (Sandler et al. 2018), its norms folded into its convolutions. */
import type { WeightRef } from '../contracts/checkpoint.ts';
import { floats } from '../graph/blocks/stored-rows.ts';
import { fixedDim, type Value } from '../graph/graph.ts';
import { convolution } from '../graph/operators/convolution.ts';
import { add, clip } from '../graph/operators/elementwise.ts';

/** A convolution as stored: [out, in / groups, k, k] and [out]. */
export interface ConvolutionWeights {
  readonly weight: WeightRef;
  readonly bias: WeightRef;
}

export interface InvertedResidualWeights {
  /** Absent where the block works on the channels that it is given. */
  readonly expand?: ConvolutionWeights;
  readonly depthwise: ConvolutionWeights;
  readonly project: ConvolutionWeights;
}

/** Wide, by channel, narrow again: [b, in, s, s] → [b, out, s / stride, s / stride]. Input is added where shapes agree. */
export function invertedResidual(
  x: Value,
  { expand, depthwise, project }: InvertedResidualWeights,
  stride: number,
): Value {
  const wide = expand === undefined ? x : relu6(convolved(x, expand));
  const groups = fixedDim(wide, 1);
  const seen = relu6(convolved(wide, depthwise, { stride, groups }));
  const narrow = convolved(seen, project);
  return stride === 1 && fixedDim(narrow, 1) === fixedDim(x, 1) ? add(narrow, x) : narrow;
}

export const relu6 = (x: Value): Value => clip(x, 0, 6);

/** By default each channel out of all, pixel by pixel of the kernel. */
export function convolved(
  x: Value,
  { weight, bias }: ConvolutionWeights,
  { stride = 1, groups = 1 } = {},
): Value {
  const { graph } = x;
  return convolution(x, floats(graph, weight), floats(graph, bias), { stride, groups });
}
