import type { TensorRef } from '../../contracts/checkpoint.ts';
import { appendOne, constant, type Value } from '../graph.ts';
import { add, div, mul, power, sqrt } from '../operators/elementwise.ts';
import { meanLast } from '../operators/reduce.ts';
import { floats } from './linear.ts';

/** x / sqrt(mean(x²) + eps) · gain over the last axis. Written so that ONNX Runtime fuses it into one kernel. */
export function rmsNorm(x: Value, gain: TensorRef, eps: number): Value {
  const variance = meanLast(power(x, 2));
  const root = sqrt(add(variance, constant(x.graph, new Float32Array([eps]), [1])));
  return mul(div(x, root), floats(x.graph, gain));
}

/** (x - mean) / sqrt(variance + eps) · gain + bias over the last axis. */
export function layerNorm(x: Value, gain: TensorRef, bias: TensorRef, eps: number): Value {
  const inputs = [x, floats(x.graph, gain), floats(x.graph, bias)];
  return appendOne(
    'LayerNormalization',
    inputs,
    { dtype: x.dtype, shape: x.shape },
    { axis: -1, epsilon: { float: eps } },
  );
}
