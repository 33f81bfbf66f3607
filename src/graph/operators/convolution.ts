import { GraphError } from '../../contracts/errors.ts';
import { formatShape } from '../dim.ts';
import { appendOne, dimOf, fixedDim, requireSameDtype, type Value } from '../graph.ts';

export interface ConvolutionSettings {
  readonly stride: number;
  /** Channels are cut into so many groups, which do not see each other. */
  readonly groups: number;
}

/**
 * x [b, in, s, s] by w [out, in / groups, k, k] plus bias [out] → [b, out, s / stride, s / stride], rounded up. Zeros around
 * x are TensorFlow's "same": as many as that takes, the odd one right and below.
 */
export function convolution(
  x: Value,
  w: Value,
  bias: Value,
  { stride, groups }: ConvolutionSettings,
): Value {
  const dtype = requireSameDtype('Conv', [x, w, bias]);
  const [side, kernel, out] = [fixedDim(x, 2), fixedDim(w, 2), fixedDim(w, 0)];
  const isSquare = side === dimOf(x, 3) && kernel === dimOf(w, 3);
  const fits = fixedDim(x, 1) === fixedDim(w, 1) * groups && out % groups === 0;
  if (!isSquare || !fits || dimOf(bias, 0) !== out) {
    const shapes = [x, w, bias].map((value) => formatShape(value.shape)).join(', ');
    throw new GraphError(`Conv: ${shapes} in ${groups} groups do not fit.`);
  }
  const size = Math.ceil(side / stride);
  const zeros = Math.max(0, (size - 1) * stride + kernel - side);
  const [before, behind] = [Math.floor(zeros / 2), Math.ceil(zeros / 2)];
  const result = { dtype, shape: [dimOf(x, 0), out, size, size] };
  return appendOne('Conv', [x, w, bias], result, {
    kernel_shape: [kernel, kernel],
    strides: [stride, stride],
    pads: [before, before, behind, behind],
    group: groups,
  });
}
