import type { WeightRef } from '../../contracts/checkpoint.ts';
import { GraphError } from '../../contracts/errors.ts';
import { formatShape } from '../dim.ts';
import { appendOne, dimOf, type Value } from '../graph.ts';
import { add, div, mul, pow, scalar, sqrt } from '../operators/elementwise.ts';
import { meanLast } from '../operators/reduce.ts';
import { floats } from './stored-rows.ts';

/** x / sqrt(mean(x²) + eps) · gain over the last axis. Written so that ONNX Runtime fuses it into one kernel. */
export function rmsNorm(x: Value, gain: WeightRef, eps: number): Value {
  requireWidth('RmsNorm', x, gain);
  const variance = meanLast(pow(x, scalar(x, 2)));
  const root = sqrt(add(variance, scalar(x, eps)));
  return mul(div(x, root), floats(x.graph, gain));
}

/** (x - mean) / sqrt(variance + eps) · gain + bias over the last axis. */
export function layerNorm(x: Value, gain: WeightRef, bias: WeightRef, eps: number): Value {
  requireWidth('LayerNorm', x, gain);
  requireWidth('LayerNorm', x, bias);
  const inputs = [x, floats(x.graph, gain), floats(x.graph, bias)];
  return appendOne(
    'LayerNormalization',
    inputs,
    { dtype: x.dtype, shape: x.shape },
    { axis: -1, epsilon: { float: eps } },
  );
}

/** One number for each place of the last axis: anything else might broadcast silently. */
function requireWidth(op: string, x: Value, { name, shape }: WeightRef): void {
  if (shape.length === 1 && shape[0] === dimOf(x, -1)) return;
  throw new GraphError(
    `${op}: ${name} ${formatShape(shape)} does not fit the last axis of ${formatShape(x.shape)}.`,
  );
}
