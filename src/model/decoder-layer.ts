import type { TensorRef } from '../contracts/checkpoint.ts';
import {
  type CachedAttention,
  cachedAttention,
  type Past,
  type Visibility,
} from '../graph/blocks/attention.ts';
import { type LinearWeights, linear, linears } from '../graph/blocks/linear.ts';
import { rmsNorm } from '../graph/blocks/norms.ts';
import { type RotaryRows, rotary } from '../graph/blocks/rotary.ts';
import { dimOf, type Value } from '../graph/graph.ts';
import { add, mul, silu } from '../graph/operators/elementwise.ts';
import { reshape, split } from '../graph/operators/layout.ts';

/** Weights of one LLaMA layer. */
export interface DecoderLayerWeights {
  /** Absent in the first layer of an MSD draft. */
  readonly inputNorm?: TensorRef;
  readonly query: LinearWeights;
  readonly key: LinearWeights;
  readonly value: LinearWeights;
  readonly output: LinearWeights;
  readonly postNorm: TensorRef;
  readonly gate: LinearWeights;
  readonly up: LinearWeights;
  readonly down: LinearWeights;
}

export interface LayerShape {
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly rmsNormEps: number;
}

/** What every layer of a pass shares. */
export interface Pass {
  readonly rotary: RotaryRows;
  readonly visible: Visibility;
}

/** One LLaMA layer over n rows: x [n, H] → x [n, H] and the rows' keys and values. */
export function decoderLayer(
  x: Value,
  weights: DecoderLayerWeights,
  past: Past,
  pass: Pass,
  shape: LayerShape,
): { x: Value; keys: Value; values: Value } {
  const read = weights.inputNorm ? rmsNorm(x, weights.inputNorm, shape.rmsNormEps) : x;
  const { mixed, keys, values } = selfAttention(read, weights, past, pass, shape);
  const attended = add(x, linear(mixed, weights.output));
  const written = gatedMlp(rmsNorm(attended, weights.postNorm, shape.rmsNormEps), weights);
  return { x: add(attended, written), keys, values };
}

function selfAttention(
  x: Value,
  weights: DecoderLayerWeights,
  past: Past,
  pass: Pass,
  { heads, kvHeads, headDim }: LayerShape,
): CachedAttention {
  const n = dimOf(x, 0);
  const parts = [weights.query, weights.key, weights.value];
  const [queryKey, value] = linears(x, parts, [(heads + kvHeads) * headDim, kvHeads * headDim]);
  const turned = rotary(reshape(queryKey as Value, [n, heads + kvHeads, headDim]), pass.rotary);
  const [q, k] = split(turned, [heads, kvHeads], 1) as [Value, Value];
  const v = reshape(value as Value, [n, kvHeads, headDim]);
  return cachedAttention(q, k, v, past, pass.visible);
}

/** down(silu(gate x) · up x) */
function gatedMlp(x: Value, weights: DecoderLayerWeights): Value {
  const width = weights.gate.weight.shape[0] as number;
  const [gate, up] = linears(x, [weights.gate, weights.up], [width, width]) as [Value, Value];
  return linear(mul(silu(gate), up), weights.down);
}
